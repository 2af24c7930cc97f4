"""Settings: which place wins, what is refused, and that a secret is never shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr, ValidationError

from claimset.errors import UsageError
from claimset.models import AVERITEC
from claimset.settings import Settings, load_settings, origins
from claimset.storage.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

TOKEN = "0123456789abcdef-secret"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A folder without any settings."""
    return Workspace(tmp_path)


def write(workspace: Workspace, name: str, content: str | bytes) -> Path:
    path = workspace.root / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_without_any_setting_there_are_defaults(workspace: Workspace) -> None:
    """Two people judge each claim, one alone makes no gold, no server is named."""
    settings = load_settings(workspace)
    assert settings.model_dump() == {
        "label_studio_url": None,
        "label_studio_api_key": None,
        "postgres_password": None,
        "public_url": None,
        "round": "round-1",
        "overlap": 2,
        "candidates": 5,
        "show_candidates": True,
        "all_mentions": False,
        "watch_interval": 30.0,
        "retriever": "bm25",
        "granularity": "sentence",
        "attribution": "rules",
        "segmenter": "rules",
        "segmenter_settings": {},
        "llm_api_key": None,
        "engine": "processes",
        "workers": None,
        "ray_address": None,
        "shards": None,
        "dataset_name": "claimset",
        "min_votes": 2,
        "min_margin": 1,
        "allow_single": False,
        "model_gold": False,
        "model_posterior": 0.95,
        "validation_share": 0.1,
        "test_share": 0.1,
        "split_cut": None,
        "labels": AVERITEC.model_dump(),
        "gates": {
            "min_alpha": None,
            "min_votes": None,
            "min_resolved": None,
            "require_evidence": False,
        },
        "hub_repo": None,
        "hf_token": None,
    }
    assert set(origins(workspace).values()) == {"default"}


def test_the_nearest_place_wins(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Flag, environment, .env, the workspace's file, default: each beats those after it."""
    write(workspace, "claimset.toml", "overlap = 11\n")
    assert (load_settings(workspace).overlap, origins(workspace)["overlap"]) == (
        11,
        "claimset.toml",
    )
    write(workspace, ".env", "CLAIMSET_OVERLAP=12\n")
    assert (load_settings(workspace).overlap, origins(workspace)["overlap"]) == (12, ".env")
    monkeypatch.setenv("CLAIMSET_OVERLAP", "13")
    assert (load_settings(workspace).overlap, origins(workspace)["overlap"]) == (
        13,
        "environment",
    )
    assert load_settings(workspace, overlap=14).overlap == 14
    assert load_settings(workspace, overlap=None).overlap == 13


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LABEL_STUDIO_URL", "https://{}.example.org"),
        ("LABEL_STUDIO_API_KEY", TOKEN + "{}"),
        ("HF_TOKEN", TOKEN + "{}"),
    ],
)
def test_label_studios_own_names_are_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """As in Label Studio's SDK, in .env and in the environment; a flag beats both."""
    field = name.lower()
    write(workspace, ".env", f"{name}={value.format('dotenv')}\n")
    assert shown(load_settings(workspace), field) == value.format("dotenv")
    assert origins(workspace)[field] == ".env"
    monkeypatch.setenv(name, value.format("environment"))
    assert shown(load_settings(workspace), field) == value.format("environment")
    assert origins(workspace)[field] == "environment"
    flag = value.format("flag")
    assert shown(load_settings(workspace, **{field: flag}), field) == flag


@pytest.mark.parametrize(
    "value", ["http://me:secret-word@127.0.0.1:1", "127.0.0.1:8080", "ftp://a"]
)
def test_an_address_holds_no_password_and_names_its_scheme(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Such an address is refused before it can reach a log, without being repeated."""
    monkeypatch.setenv("LABEL_STUDIO_URL", value)
    with pytest.raises(UsageError, match="label_studio_url") as caught:
        load_settings(workspace)
    assert "secret-word" not in str(caught.value)


def test_an_empty_address_is_none(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set but empty means not set, for address and token."""
    monkeypatch.setenv("LABEL_STUDIO_URL", "")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "")
    settings = load_settings(workspace)
    assert (settings.label_studio_url, settings.label_studio_api_key) == (None, None)


def shown(settings: Settings, field: str) -> object:
    value = getattr(settings, field)
    return value.get_secret_value() if isinstance(value, SecretStr) else value


@pytest.mark.parametrize("name", ["OVERLAP", "ROUND", "CANDIDATES"])
def test_other_names_are_not_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Neither read nor named as the place where a setting comes from."""
    before = load_settings(workspace)
    monkeypatch.setenv(name, "7")
    assert load_settings(workspace) == before
    assert set(origins(workspace).values()) == {"default"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("claimset.toml", 'round = "pilot"\n'),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.claimset]\nround = "pilot"\n'),
    ],
)
def test_the_workspaces_file_is_read(workspace: Workspace, name: str, content: str) -> None:
    write(workspace, name, content)
    assert load_settings(workspace).round == "pilot"
    assert origins(workspace)["round"] == name


def test_its_own_file_comes_before_pyproject(workspace: Workspace) -> None:
    """The two are not mixed: one place to look."""
    write(workspace, "claimset.toml", "overlap = 3\n")
    write(workspace, "pyproject.toml", '[tool.claimset]\noverlap = 4\nround = "pilot"\n')
    settings = load_settings(workspace)
    assert (settings.overlap, settings.round) == (3, "round-1")


def test_one_workspaces_file_does_not_reach_another(tmp_path: Path) -> None:
    """Nothing is kept from one load to the next, also after an error."""
    for name, content in (("a", "overlap = 3\n"), ("b", "overlap = 0\n"), ("c", "")):
        (tmp_path / name).mkdir()
        write(Workspace(tmp_path / name), "claimset.toml", content)
    assert load_settings(Workspace(tmp_path / "a")).overlap == 3
    with pytest.raises(UsageError):
        load_settings(Workspace(tmp_path / "b"))
    assert load_settings(Workspace(tmp_path / "c")).overlap == 2


@pytest.mark.parametrize("content", ["", "[project]\nname = 'x'\n", "[tool.other]\nx = 1\n"])
def test_a_pyproject_of_something_else_is_no_matter(workspace: Workspace, content: str) -> None:
    write(workspace, "pyproject.toml", content)
    assert load_settings(workspace).overlap == 2


# What is refused


def test_an_unknown_name_is_refused(workspace: Workspace) -> None:
    """A misspelt setting is not silently left out; the known names are listed."""
    path = write(workspace, "claimset.toml", "overlapp = 3\nx = 1\n")
    with pytest.raises(UsageError) as caught:
        load_settings(workspace)
    assert caught.value.problem == "unknown setting: overlapp, x"
    assert caught.value.where == str(path)
    assert (
        "overlap, postgres_password, public_url, ray_address, retriever, round"
        in caught.value.remedy
    )


@pytest.mark.parametrize("name", ["claimset.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    "key",
    [
        "LABEL_STUDIO_API_KEY",
        *(
            name
            for name, field in Settings.model_fields.items()
            if "Secret" in str(field.annotation)
        ),
    ],
)
def test_a_token_in_a_committed_file_is_refused(workspace: Workspace, name: str, key: str) -> None:
    """Under either spelling, and the message does not repeat it."""
    head = "[tool.claimset]\n" if name == "pyproject.toml" else ""
    write(workspace, name, f'{head}{key} = "{TOKEN}"\n')
    with pytest.raises(UsageError) as caught:
        load_settings(workspace)
    assert name in caught.value.where
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("claimset.toml", "overlap = \n"),
        ("claimset.toml", b"\xff"),
        ("pyproject.toml", "[tool.claimset\n"),
        ("pyproject.toml", "[tool]\nclaimset = 3\n"),
        ("pyproject.toml", "tool = 3\n"),
        (".env", b"CLAIMSET_ROUND=\xff\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    workspace: Workspace, name: str, content: str | bytes
) -> None:
    path = write(workspace, name, content)
    with pytest.raises(UsageError) as caught:
        load_settings(workspace)
    assert str(path) in caught.value.where
    with pytest.raises(UsageError):
        origins(workspace)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("overlap", "many-secret"),
        ("overlap", "0"),
        ("overlap", "101"),
        ("candidates", "-1"),
        ("dataset_name", "a/b-secret"),
        ("dataset_name", ""),
        ("allow_single", "perhaps-secret"),
    ],
)
def test_a_bad_value_is_named_without_being_shown(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """The setting and the rule are named; the value could be a secret set under a wrong name."""
    monkeypatch.setenv(f"CLAIMSET_{name.upper()}", value)
    with pytest.raises(UsageError) as caught:
        load_settings(workspace)
    assert f"the setting {name} is not valid" in caught.value.problem
    assert "-secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.exit_code == 2


def test_a_bad_secret_is_not_shown(workspace: Workspace) -> None:
    bad: Any = [TOKEN]
    with pytest.raises(UsageError, match="label_studio_api_key") as caught:
        load_settings(workspace, label_studio_api_key=bad)
    assert TOKEN not in str(caught.value)


def test_the_token_is_never_shown(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither printed, nor as a representation, nor in JSON."""
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    settings = load_settings(workspace)
    assert settings.label_studio_api_key is not None
    assert settings.label_studio_api_key.get_secret_value() == TOKEN
    printed = f"{settings} {settings!r} {settings.model_dump()} {settings.model_dump_json()}"
    assert TOKEN not in printed
    assert TOKEN not in str(origins(workspace))


def test_settings_cannot_be_changed(workspace: Workspace) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings(workspace).overlap = 3  # type: ignore[misc]


def test_every_setting_is_described() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize(
    "url",
    ["labels.example.org", "https://a:b@labels.example.org", "https://x.org/labels", "ftp://x"],
)
def test_a_public_url_is_an_origin(workspace: Workspace, url: str) -> None:
    """Label Studio compares it with what browsers send: scheme, host and port."""
    with pytest.raises(UsageError, match="without a path"):
        load_settings(workspace, public_url=url)
    found = load_settings(workspace, public_url="https://labels.example.org:8443/")
    assert found.public_url == "https://labels.example.org:8443"
    assert load_settings(workspace, public_url="").public_url is None


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 5000])
def test_a_number_or_nesting_beyond_pythons_is_refused(workspace: Workspace, value: str) -> None:
    (workspace.root / "claimset.toml").write_text(f"overlap = {value}\n")
    with pytest.raises(UsageError, match="no valid TOML"):
        load_settings(workspace)
