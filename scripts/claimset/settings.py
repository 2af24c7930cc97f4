"""Settings: flags, then the environment, then ``.env``, then the workspace's own file."""

from __future__ import annotations

import os
import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Self, get_args

from pydantic import (
    AfterValidator,
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from claimset.engines import EngineName
from claimset.errors import UsageError
from claimset.evidence import Retriever
from claimset.labelstudio.origin import address_of, origin_of
from claimset.models import AVERITEC, Gates, Granularity, NamedLabelSet, Split
from claimset.segmentation.methods import RULES, AttributionMethod
from claimset.setting_files import read_dotenv, read_file

if TYPE_CHECKING:
    from claimset.aggregation import GoldRules
    from claimset.storage.workspace import Workspace

__all__ = ["Settings", "load_settings", "origins"]

_OWN_NAMES = frozenset({"label_studio_url", "label_studio_api_key", "hf_token"})
"""Settings that are read under their own name, too, as other programs do."""

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def _hub_name(name: str) -> str:
    if _HUB_NAME.fullmatch(name) is None:
        msg = f"{name!r} names no repository; write ORG/NAME"
        raise ValueError(msg)
    return name


class Settings(BaseSettings):
    """What a command needs to know beside its arguments.

    Every name is read from the environment as ``CLAIMSET_<NAME>``, those of Label Studio and the
    Hub also under the names that their own libraries use.
    """

    model_config = SettingsConfigDict(
        env_prefix="CLAIMSET_",
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
        populate_by_name=True,
    )

    label_studio_url: Annotated[str | None, AfterValidator(address_of)] = Field(
        default=None, validation_alias=AliasChoices("label_studio_url", "LABEL_STUDIO_URL")
    )
    """Address of your Label Studio; without one the embedded studio of the workspace is used."""
    label_studio_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("label_studio_api_key", "LABEL_STUDIO_API_KEY")
    )
    """Access token of your account there."""
    postgres_password: SecretStr | None = None
    """Password of the PostgreSQL user named with `claimset studio --postgres`."""
    public_url: Annotated[str | None, AfterValidator(origin_of)] = None
    """Address under which a reverse proxy shows the embedded studio to people elsewhere."""
    round: str = "round-1"
    """Name of the annotation round."""
    overlap: int = Field(default=2, ge=1, le=100)
    """How many different people judge each claim."""
    candidates: int = Field(default=5, ge=0, le=50)
    """How many evidence candidates a claim gets at most."""
    show_candidates: bool = True
    """Whether annotators see the candidates, marked neutrally, or read without a hint."""
    all_mentions: bool = False
    """Whether claims that repeat another one word for word are annotated, too."""
    watch_interval: float = Field(default=30, ge=1, le=86_400)
    """Seconds between two pulls of `claimset pull --watch`."""
    retriever: Retriever = Retriever.BM25
    """How candidates are ranked: `bm25`, or `fused` with the model of the extra `embeddings`."""
    granularity: Granularity = Granularity.SENTENCE
    """What is offered as claims: `sentence`, or `clause` with the parser of the extra `clauses`."""
    attribution: AttributionMethod = AttributionMethod.RULES
    """How speakers are found: `rules`, or `parser` with the model of the extra `parser`."""
    segmenter: str = RULES
    """What cuts the articles: `rules`, `llm` (extra `llm`), or one that another package brings."""
    segmenter_settings: dict[str, dict[str, Any]] = {}
    """Settings of segmenters, by name."""
    llm_api_key: SecretStr | None = None
    """Key for the server of the segmenter `llm`, if it wants one."""
    engine: EngineName = EngineName.PROCESSES
    """Where articles are segmented: `inline`, `processes`, or `ray` (extra `ray`)."""
    workers: int | None = Field(default=None, ge=1, le=1024)
    """How many processes segment at once; default: one a processor core."""
    ray_address: str | None = None
    """Address of the Ray cluster; default: Ray's own."""
    shards: str | None = None
    """Where shards are kept, a folder or an `fsspec` address; default: `.claimset/shards`."""
    dataset_name: str = Field(default="claimset", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,95}$")
    """Name of the released dataset."""
    min_votes: int = Field(default=2, ge=2, le=100)
    """How many votes a claim needs for a gold label."""
    min_margin: int = Field(default=1, ge=1, le=100)
    """How many votes the first label must be ahead of the second."""
    allow_single: bool = False
    """Whether one annotation alone makes a gold label."""
    model_gold: bool = False
    """Whether the annotator model decides where the votes do not."""
    model_posterior: float = Field(default=0.95, gt=0.5, le=1)
    """The least probability of a label that the annotator model decides."""

    validation_share: float = Field(default=0.1, ge=0, lt=1)
    """Wanted share of the events in the split `validation`."""
    test_share: float = Field(default=0.1, ge=0, lt=1)
    """Wanted share of the events in the split `test`."""
    split_cut: date | None = None
    """Events that begin on or after this day are test events, and no other."""
    labels: Annotated[NamedLabelSet, NoDecode] = AVERITEC
    """The verdicts: `averitec`, `fever`, or a label set of your own under `[labels]`."""
    gates: Gates = Gates()
    """What a release must reach: `[tool.claimset.gates]`."""
    hub_repo: Annotated[str, AfterValidator(_hub_name)] | None = None
    """Repository on the Hugging Face Hub that releases are published to, as `ORG/NAME`."""
    hf_token: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("hf_token", "HF_TOKEN")
    )
    """Access token for the Hub, with the right to write to that repository."""

    @property
    def split_shares(self) -> dict[Split, float]:
        """Wanted share of the events in each split."""
        train = 1 - self.validation_share - self.test_share
        return dict(zip(Split, (train, self.validation_share, self.test_share), strict=True))

    @model_validator(mode="after")
    def _something_is_left_to_train_on(self) -> Self:
        if self.validation_share + self.test_share >= 1:
            msg = "validation_share and test_share leave nothing to train on"
            raise ValueError(msg)
        return self

    @property
    def gold_rules(self) -> GoldRules:
        """When answers make gold."""
        from claimset.aggregation import GoldRules  # noqa: PLC0415 - it needs numpy, a pull does not

        return GoldRules(**{name: getattr(self, name) for name in GoldRules.model_fields})

    @field_validator("label_studio_api_key", "hf_token", "llm_api_key")
    @classmethod
    def _token_is_ascii(cls, value: SecretStr | None) -> SecretStr | None:
        token = value.get_secret_value().strip() if value else ""
        if not token.isascii() or any(character.isspace() for character in token):
            msg = "a token holds letters, digits and punctuation only"
            raise ValueError(msg)
        return SecretStr(token) if token else None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before ``.env``; the workspace's file comes in last."""
        del file_secret_settings
        return init_settings, env_settings, dotenv_settings, _WorkspaceFile(settings_cls)


class _WorkspaceFile(PydanticBaseSettingsSource):
    """The values of ``claimset.toml`` or ``[tool.claimset]``, handed over for one load."""

    values: dict[str, Any] = {}  # noqa: RUF012 - replaced as a whole by load_settings

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        del field
        return self.values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return self.values


def _secrets() -> set[str]:
    """Settings that may not stand in a file that is committed."""
    return {
        name
        for name, field in Settings.model_fields.items()
        if SecretStr in (field.annotation, *get_args(field.annotation))
    }


def load_settings(workspace: Workspace, **flags: Any) -> Settings:
    """Settings of a workspace.

    Args:
        workspace: Where ``.env``, ``claimset.toml`` and ``pyproject.toml`` are looked for.
        flags: Values from the command line; ``None`` means not given.

    Raises:
        UsageError: A value is not valid, or the workspace's file holds an unknown name.
    """
    path, values = read_file(workspace.root)
    unknown = sorted(set(values) - set(Settings.model_fields))
    if unknown:
        raise UsageError(
            f"unknown setting: {', '.join(unknown)}",
            where=str(path),
            remedy=f"use one of: {', '.join(sorted(Settings.model_fields))}",
        )
    for secret in _secrets() & set(values):
        raise UsageError(
            "the workspace's file holds an access token or password",
            where=f"{path}, {secret}",
            remedy="such files are committed: move it to .env or the environment, "
            "and replace it if the file was shared",
        )
    read_dotenv(workspace.root)
    _WorkspaceFile.values = values
    try:
        return Settings(
            _env_file=workspace.root / ".env",
            **{name: value for name, value in flags.items() if value is not None},
        )
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
        name = ".".join(str(part) for part in fault["loc"])
        raise UsageError(
            f"the setting {name} is not valid: {fault['msg'].removeprefix('Value error, ')}",
            where=f"flags, environment, .env or {path or 'claimset.toml'}",
            remedy="correct it where it is set; `claimset doctor` shows where each comes from",
        ) from None
    finally:
        _WorkspaceFile.values = {}


def origins(workspace: Workspace) -> dict[str, str]:
    """Where each setting comes from when no flag is given."""
    path, values = read_file(workspace.root)
    dotenv = read_dotenv(workspace.root)
    found = {}
    for name in Settings.model_fields:
        variables = {f"CLAIMSET_{name}".upper()}
        if name in _OWN_NAMES:
            variables.add(name.upper())
        if variables & {key.upper() for key in os.environ}:
            found[name] = "environment"
        elif variables & {key.upper() for key in dotenv}:
            found[name] = ".env"
        elif name in values and path is not None:
            found[name] = path.name
        else:
            found[name] = "default"
    return found
