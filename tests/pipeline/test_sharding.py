"""Sharding: the same tables wherever they are made, and only what changed is made again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import DataError, UsageError
from claimset.identifiers import sha256_hex
from claimset.pipeline import read_segmented, segment, shard_plan
from claimset.pipeline.claim_index import ClaimIndex
from claimset.pipeline.current import segment_if_needed
from claimset.pipeline.segmented_rows import SegmentedRows
from claimset.pipeline.segmented_tables import SegmentedTables
from claimset.settings import Settings

if TYPE_CHECKING:
    from claimset.storage.workspace import Workspace

SENTENCES = (
    "The bridge opened in 1932.",
    "“It cost £{0} million,” said Ann Lee, who chairs the council.",
    "According to the report, {0} people crossed it on Monday.",
    "It will be painted next year.",
)


def settings(**changes: Any) -> Settings:
    return Settings(_env_file=None, **({"engine": "inline"} | changes))


def write(workspace: Workspace, articles: dict[str, tuple[str, bytes]]) -> None:
    """A manifest of these articles: event and bytes by id."""
    lines = []
    (workspace.seeds / "articles").mkdir(exist_ok=True)
    for name, (event, data) in articles.items():
        (workspace.seeds / "articles" / f"{name}.txt").write_bytes(data)
        row = {
            "article_id": name,
            "event_id": event,
            "title": name,
            "license": "none",
            "path": f"articles/{name}.txt",
            "sha256": sha256_hex(data),
        }
        lines.append(json.dumps(row) + "\n")
    workspace.manifest.write_text("".join(lines))


def archive(count: int) -> dict[str, tuple[str, bytes]]:
    """Articles in events of two."""
    return {
        f"a{n}": (f"e{n // 2}", " ".join(s.format(n) for s in SENTENCES).encode())
        for n in range(count)
    }


def tables(workspace: Workspace) -> dict[str, bytes]:
    return {
        f"{table.name}/{path.name}": path.read_bytes()
        for table in (workspace.units, workspace.claims, workspace.evidence)
        for path in sorted(table.glob("*"))
    }


def test_every_engine_makes_the_same_bytes(workspace_copy: Workspace) -> None:
    write(workspace_copy, archive(120))
    first = segment(workspace_copy, settings())
    assert first.shards_made > 1
    inline = tables(workspace_copy)
    for path in workspace_copy.shards.iterdir():
        path.unlink()
    again = segment(workspace_copy, settings(engine="processes", workers=2))
    assert again.shards_made == first.shards_made
    assert again.kept == first.claims
    assert tables(workspace_copy) == inline


def test_only_what_changed_is_made_again(workspace_copy: Workspace) -> None:
    articles = archive(300)
    write(workspace_copy, articles)
    before = segment(workspace_copy, settings())
    assert before.shards_made > 4
    same = segment(workspace_copy, settings())
    assert (same.shards_made, same.shards_kept) == (0, before.shards_made)
    assert (same.kept, same.new, same.gone) == (before.claims, 0, 0)
    changed = dict(articles)
    changed["a50"] = (articles["a50"][0], b"Another text stands here now.")
    middle = list(changed.items())
    middle.insert(100, ("new", ("e-new", b"A new article came in between.")))
    write(workspace_copy, dict(middle))
    after = segment(workspace_copy, settings())
    assert after.shards_made <= 3
    assert after.new == 2
    assert after.gone == len(SENTENCES)
    read_segmented(workspace_copy)


def test_another_setting_makes_everything_again(workspace_copy: Workspace) -> None:
    write(workspace_copy, archive(60))
    made = segment(workspace_copy, settings()).shards_made
    assert segment(workspace_copy, settings(candidates=2)).shards_made == made
    # Shards that no run needs any more are gone.
    records = list(workspace_copy.shards.glob("*.json"))
    assert len(records) == made


def test_another_rule_makes_everything_again(
    workspace_copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when nobody thought of giving the rules a new version."""
    write(workspace_copy, archive(60))
    made = segment(workspace_copy, settings()).shards_made
    assert segment(workspace_copy, settings()).shards_made == 0
    monkeypatch.setattr(shard_plan, "rules_digest", lambda: "other rules")
    assert segment(workspace_copy, settings()).shards_made == made


def test_the_rules_digest_covers_the_rules() -> None:
    """It reads the code itself, and the same code gives the same digest."""
    shard_plan.rules_digest.cache_clear()
    assert shard_plan.rules_digest() == shard_plan.rules_digest()
    assert re.fullmatch("[0-9a-f]{64}", shard_plan.rules_digest())
    package = Path(shard_plan.__file__).parents[1]
    for part in shard_plan._MADE_BY:
        assert list((package / part).rglob("*.py")), part


def test_a_faulty_article_ends_the_run_and_keeps_the_tables(workspace_copy: Workspace) -> None:
    write(workspace_copy, archive(60))
    segment(workspace_copy, settings())
    before = tables(workspace_copy)
    articles = archive(60) | {"bad": ("e-bad", b"\xff\xfe not text")}
    write(workspace_copy, articles)
    for engine in ("inline", "processes"):
        with pytest.raises(DataError, match="not valid UTF-8") as caught:
            segment(workspace_copy, settings(engine=engine, workers=2))
        assert "manifest.jsonl:61" in caught.value.where
        assert tables(workspace_copy) == before


def test_a_faulty_article_is_left_out_on_request(workspace_copy: Workspace) -> None:
    good = archive(60)
    write(workspace_copy, good | {"bad": ("e3", b"\xff\xfe not text")})
    result = segment(workspace_copy, settings(), quarantine=True)
    (entry,) = result.quarantined
    assert entry.article_ids == ("bad",)
    assert entry.event_id == "e3"
    assert "not valid UTF-8" in entry.problem
    lines = workspace_copy.quarantine.read_text().splitlines()
    assert [json.loads(line)["article_ids"] for line in lines] == [["bad"]]
    assert result.n_articles == 60
    # Without the fault there is no quarantine any more, and the others are as they were.
    claims = tables(workspace_copy)
    write(workspace_copy, good)
    again = segment(workspace_copy, settings(), quarantine=True)
    assert again.quarantined == ()
    assert not workspace_copy.quarantine.exists()
    assert tables(workspace_copy).keys() == claims.keys()


def test_what_was_left_out_stays_out_until_it_is_mended(workspace_copy: Workspace) -> None:
    """The commands that follow go on without it; a mended file comes in by the next run."""
    good = archive(60)
    write(workspace_copy, good | {"bad": ("e3", b"\xff\xfe not text")})
    segment(workspace_copy, settings(), quarantine=True)
    assert segment_if_needed(workspace_copy, settings()) is None
    found = read_segmented(workspace_copy)
    assert {article.article_id for article in found.articles} == set(good)
    assert len(ClaimIndex(workspace_copy).claims) == len(found.claims)
    assert len(list(SegmentedTables(workspace_copy).articles())) == 60
    assert SegmentedRows(workspace_copy).n_claims == len(found.claims)
    # Another file in its place is another article; with --quarantine, too.
    write(workspace_copy, good | {"bad": ("e3", b"It is text now.")})
    with pytest.raises(UsageError, match="changed since"):
        read_segmented(workspace_copy)
    assert segment_if_needed(workspace_copy, settings()) is not None
    assert len(read_segmented(workspace_copy).articles) == 61


def test_a_file_that_was_restored_comes_in_again(workspace_copy: Workspace) -> None:
    """Its line in the manifest is the same, and so is the key of its shard."""
    good = archive(60)
    write(workspace_copy, good)
    path = workspace_copy.seeds / "articles" / "a5.txt"
    sound = path.read_bytes()
    path.write_bytes(b"\xff\xfe not text")
    assert segment(workspace_copy, settings(), quarantine=True).n_articles == 59
    path.write_bytes(sound)
    result = segment(workspace_copy, settings(), quarantine=True)
    assert (result.n_articles, result.quarantined) == (60, ())
    assert len(read_segmented(workspace_copy).articles) == 60


def test_a_file_that_changed_behind_the_manifest_is_noticed(workspace_copy: Workspace) -> None:
    """A shard is kept under what the manifest says, so the files are held against that."""
    write(workspace_copy, archive(60))
    segment(workspace_copy, settings())
    before = tables(workspace_copy)
    (workspace_copy.seeds / "articles" / "a5.txt").write_bytes(b"Another text.")
    with pytest.raises(DataError, match="not the one the manifest describes"):
        segment(workspace_copy, settings())
    assert tables(workspace_copy) == before


def test_a_damaged_shard_is_noticed_and_made_anew(workspace_copy: Workspace) -> None:
    write(workspace_copy, archive(60))
    segment(workspace_copy, settings())
    before = tables(workspace_copy)
    victim = min(workspace_copy.shards.glob("*.claims.parquet"))
    victim.unlink()
    victim.write_bytes(b"damaged")
    with pytest.raises(DataError, match="damaged or gone"):
        segment(workspace_copy, settings())
    assert tables(workspace_copy) == before
    assert segment(workspace_copy, settings()).shards_made == 1
    assert tables(workspace_copy) == before


def test_shards_may_lie_elsewhere(workspace_copy: Workspace, tmp_path: Path) -> None:
    """Under any address that fsspec can write; here a file address and memory."""
    write(workspace_copy, archive(60))
    segment(workspace_copy, settings())
    before = tables(workspace_copy)
    for address in (f"file://{tmp_path}/shared", "memory://shards"):
        made = segment(workspace_copy, settings(shards=address))
        assert made.shards_made > 0
        assert tables(workspace_copy) == before
        assert segment(workspace_copy, settings(shards=address)).shards_made == 0
    assert not list(Path(tmp_path / "shared").glob("*.tmp"))


def test_shards_that_cannot_be_seen_from_here_are_told_of(workspace_copy: Workspace) -> None:
    """Each process has a memory of its own, as each node has a disk."""
    write(workspace_copy, archive(240))
    with pytest.raises(UsageError, match="cannot be seen from here") as caught:
        segment(workspace_copy, settings(shards="memory://apart", engine="processes", workers=2))
    assert "CLAIMSET_SHARDS" in caught.value.remedy
