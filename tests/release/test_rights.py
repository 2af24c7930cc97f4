"""Texts are published as their policies say, withdrawn rows stay away, and copies restore texts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from claimset.errors import UsageError
from claimset.loading import load, verify
from claimset.models import ArticleSpan, QuoteCheck, Span, Withdrawal, WithdrawalKind
from claimset.release.builder import build_release
from claimset.release.hydrating import hydrate
from claimset.release.inventory import read_inventory
from claimset.release.reader import Release, read_release
from claimset.release.rights import annotator_digest
from tests.release.corpora import Corpus

if TYPE_CHECKING:
    from pathlib import Path

SMALL = range(25)


def _release(folder: Path) -> Release:
    release = read_release(folder)
    assert release is not None
    return release


def _texts(value: Any) -> list[str]:
    """Every string of a row that is an article's own words."""
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict):
        return []
    words = {"text", "speaker", "cue", "prefix", "suffix", "difference", "edited_claim"}
    own = [item for key, item in value.items() if key in words and isinstance(item, str)]
    return own + [text for item in value.values() for text in _texts(item)]


@pytest.mark.parametrize("policy", ["excerpt", "offsets"])
def test_a_policy_lets_out_what_it_says_and_no_more(tmp_path: Path, policy: str) -> None:
    corpus = Corpus(SMALL, text_policy=policy)
    reasons = ("+1.3 name inside the sentence: Ms Reed", "+0.3 room for detail: 14 words")
    scored = [
        claim.model_copy(update={"checkworthiness": 0.7, "checkworthiness_reasons": reasons})
        for claim in corpus.claims
    ]
    build_release(dataset_folder=tmp_path / "d", **corpus.input(claims=scored))
    release = _release(tmp_path / "d")
    assert verify(tmp_path / "d").spans_without_text > 0
    texts = {article.article_id: article.text for article in corpus.articles}
    assert verify(tmp_path / "d", texts).rows > 0
    assert all(row["text"] is None for row in release.rows("articles"))
    claims = release.rows("claims")
    assert all(row["prefix"] is row["suffix"] is None for row in claims)
    if policy == "excerpt":
        assert all(row["text"] for row in claims)
        assert {tuple(row["checkworthiness_reasons"]) for row in claims} == {reasons}
        assert len(load(tmp_path / "d", "nli")) > 0
        return
    for config in ("claims", "annotations"):
        assert [text for row in release.rows(config) for text in _texts(row)] == []
    assert all(row["text_sha256"] for row in claims)
    assert {row["checkworthiness"] for row in claims} == {0.7}
    raw = b"".join(path.read_bytes() for path in (tmp_path / "d").rglob("*.parquet"))
    assert b"Ms Reed" not in raw
    assert len(load(tmp_path / "d", "nli")) == 0


def test_an_open_text_is_published_whole(tmp_path: Path) -> None:
    corpus = Corpus(SMALL, open_license=True)
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    found = verify(tmp_path / "d")
    assert found.spans_without_text == 0
    assert found.spans_checked > len(corpus.claims)
    assert {row["text_policy"] for row in _release(tmp_path / "d").rows("articles")} == {"full"}


def test_copies_under_any_name_restore_the_texts(tmp_path: Path) -> None:
    """The hydrated claims are those of a release that had withheld nothing inside them."""
    corpus = Corpus(SMALL, text_policy="offsets")
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    (tmp_path / "copies" / "deep").mkdir(parents=True)
    for number, article in enumerate(corpus.articles):
        data = article.text.replace("\n", "\r\n").encode("utf-8-sig")
        (tmp_path / "copies" / "deep" / f"{number}.bin").write_bytes(data)
    result = hydrate(tmp_path / "d", tmp_path / "copies", tmp_path / "h")
    assert (len(result.restored), result.missing) == (len(corpus.articles), ())
    assert result.spans_checked > len(corpus.claims)
    plain = Corpus(SMALL)
    build_release(dataset_folder=tmp_path / "p", **plain.input())
    restored, open_ = (
        {row["claim_id"]: row for row in _release(tmp_path / name).rows("claims")} for name in "hp"
    )
    for name, row in open_.items():
        for column in ("text", "evidence_sets", "gold_verdict", "unseen", "text_sha256"):
            assert restored[name][column] == row[column], column
        assert [item["speaker"] for item in restored[name]["attributions"]] == [
            item["speaker"] for item in row["attributions"]
        ]
    assert len(load(tmp_path / "h", "nli")) == len(load(tmp_path / "p", "nli")) > 0
    with pytest.raises(UsageError, match="not free to publish"):
        read_inventory(tmp_path / "h")


VIEWS = ("nli", "soft", "aggrefact", "sft", "corpus", "queries", "qrels", "attributions")


def _varied(policy: str) -> Corpus:
    """Articles with sentences that are no claims, evidence across sentences, and sources only.

    The licence is open, so that the same rows can be released under each policy.
    """
    corpus = Corpus(range(0), open_license=True, text_policy=policy)
    for event in SMALL:
        for place, text in enumerate(
            (
                f"Number {event} has {event + 7} bridges. Will it build more? “No,” said Ms Reed.",
                f"A report counts {event + 7} bridges in Number {event}. Why so many? We may ask.",
            )
        ):
            roles = ("evidence",) if place and event % 3 == 0 else ("claims", "evidence")
            own = {"open_license": True, "text_policy": policy, "roles": roles}
            corpus.add(f"a{event:04d}-{place}", f"e{event:04d}", text, own)
            if roles == ("evidence",):
                corpus.claims = [c for c in corpus.claims if c.article_id[-2:] != "-1"]
    return corpus


def _rows(folder: Path, config: str) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in _release(folder).rows(config))


def _hydrated(corpus: Corpus, folder: Path, *, without: str | None = None) -> Path:
    build_release(dataset_folder=folder / "d", **corpus.input())
    (folder / "copies").mkdir()
    for article in corpus.articles:
        if article.article_id != without:
            (folder / "copies" / article.article_id).write_text(article.text, "utf-8")
    hydrate(folder / "d", folder / "copies", folder / "h")
    return folder / "h"


@pytest.mark.parametrize("policy", ["offsets", "excerpt", "full"])
def test_every_view_of_a_hydrated_copy_is_that_of_the_full_release(
    tmp_path: Path, policy: str
) -> None:
    copy = _hydrated(_varied(policy), tmp_path)
    build_release(dataset_folder=tmp_path / "p", **_varied("full").input())
    for config in VIEWS:
        assert _rows(copy, config) == _rows(tmp_path / "p", config), config
        assert _rows(copy, config), config
    assert {file.split for file in _release(copy).files("qrels")} == {
        file.split for file in _release(tmp_path / "p").files("qrels")
    }
    claims = {row["claim_id"] for row in _release(copy).rows("claims")}
    corpus = {row["_id"] for row in _release(copy).rows("corpus")}
    assert corpus - claims  # sentences that are no claims are searched too
    assert {row["corpus-id"] for row in _release(copy).rows("qrels")} <= corpus


@pytest.mark.parametrize("policy", ["offsets", "excerpt"])
def test_what_is_withheld_between_splits_is_no_sentence_that_others_refer_to(
    tmp_path: Path, policy: str
) -> None:
    """Evidence in a claim that no view holds is a sentence of its own, also in a hydrated copy."""
    corpora = [Corpus(SMALL, text_policy=policy), Corpus(SMALL, text_policy="excerpt")]
    for corpus, folder in zip(corpora, ("d", "p"), strict=True):
        build_release(dataset_folder=tmp_path / folder, **corpus.input())
        splits = _release(tmp_path / folder).splits()
        train, test = (
            next(event for event, found in splits.items() if found == split)
            for split in ("train", "test")
        )
        other = next(c for c in corpus.claims if c.article_id == f"a{test[1:]}-0")
        place = next(n for n, c in enumerate(corpus.claims) if c.article_id == f"a{train[1:]}-1")
        linked = {"duplicate_of": other.claim_id, "duplicate_method": "retold"}
        corpus.claims[place] = corpus.claims[place].model_copy(update=linked)
        build_release(dataset_folder=tmp_path / folder, **corpus.input())
    copy = _hydrated(corpora[0], tmp_path)
    (conflict,) = _release(copy).metadata.split_conflicts
    assert conflict.withheld == corpora[0].claims[place].claim_id
    for config in VIEWS:
        assert _rows(copy, config) == _rows(tmp_path / "p", config), config
    sentences = {row["_id"]: row["text"] for row in _release(copy).rows("corpus")}
    assert conflict.withheld not in sentences
    asked = [row["corpus-id"] for row in _release(copy).rows("qrels")]
    assert set(asked) <= set(sentences)
    own = f"a{train[1:]}-1:0-"
    assert any(name.startswith(own) for name in asked)


def test_a_text_that_is_missing_leaves_only_its_own_sentences_out(tmp_path: Path) -> None:
    corpus = Corpus(SMALL, text_policy="offsets")
    gone = corpus.articles[1].article_id
    copy = _hydrated(corpus, tmp_path, without=gone)
    build_release(dataset_folder=tmp_path / "p", **Corpus(SMALL).input())
    lost = {claim.claim_id for claim in corpus.claims if claim.article_id == gone}
    before, after = (
        {row["_id"] for row in _release(tmp_path / name).rows("corpus")} for name in "ph"
    )
    assert before - after == lost
    for row in _release(copy).rows("qrels"):
        assert {row["query-id"], row["corpus-id"]}.isdisjoint(lost)


def test_a_copy_that_differs_by_one_character_restores_nothing(tmp_path: Path) -> None:
    corpus = Corpus(SMALL, text_policy="offsets")
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    (tmp_path / "copies").mkdir()
    first, *rest = corpus.articles
    (tmp_path / "copies" / "a.txt").write_text(first.text.replace("bridges", "Bridges"), "utf-8")
    for article in rest:
        (tmp_path / "copies" / f"{article.article_id}.txt").write_text(article.text, "utf-8")
    result = hydrate(tmp_path / "d", tmp_path / "copies", tmp_path / "h")
    assert result.missing == (first.article_id,)
    assert {
        row["claim_id"] for row in _release(tmp_path / "h").rows("claims") if row["text"] is None
    } == {claim.claim_id for claim in corpus.claims if claim.article_id == first.article_id}
    with pytest.raises(UsageError, match="something already"):
        hydrate(tmp_path / "d", tmp_path / "copies", tmp_path / "h")


def _withdraw(kind: WithdrawalKind, name: str, renamed: str | None = None) -> Withdrawal:
    return Withdrawal(kind=kind, id=name, reason="asked for", since="0.0.0", renamed=renamed)


def test_a_withdrawn_article_leaves_tombstones_and_no_word(tmp_path: Path) -> None:
    corpus = Corpus(SMALL)
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    gone = corpus.articles[1].article_id
    record = _withdraw(WithdrawalKind.ARTICLE, gone)
    result = build_release(dataset_folder=tmp_path / "d", withdraw=[record], **corpus.input())
    ids = {claim.claim_id for claim in corpus.claims if claim.article_id == gone}
    assert result.version == "0.2.0"
    assert result.changes is not None
    assert set(result.changes.withdrawn) == ids
    release = _release(tmp_path / "d")
    verify(tmp_path / "d")
    assert [item.since for item in release.metadata.withdrawn] == ["0.2.0"]
    for row in release.rows("claims"):
        if row["claim_id"] in ids:
            assert (row["status"], row["text"], row["gold_source"]) == (
                "withdrawn",
                None,
                "unresolved",
            )
            assert _texts(row) == []
            assert row["evidence_sets"] == []
    assert gone not in {row["article_id"] for row in release.rows("articles")}
    assert not ids & {row["claim_id"] for row in release.rows("annotations")}
    for config in ("claims", "annotations"):
        for row in release.rows(config):
            assert gone not in json.dumps(row.get("evidence_sets", row.get("evidence")))
    assert f"The article `{gone}` was withdrawn: asked for." in (
        tmp_path / "d" / "CHANGELOG.md"
    ).read_text("utf-8")
    again = build_release(dataset_folder=tmp_path / "d", **corpus.input())
    assert again.status == "unchanged"


@pytest.mark.parametrize("open_license", [True, False])
def test_what_others_quote_from_a_withdrawn_article_goes_with_it(
    tmp_path: Path, *, open_license: bool
) -> None:
    """A claim that stays was found to quote the article: its words and what differs in them."""
    corpus = Corpus(SMALL, open_license=open_license)
    gone, stays = corpus.articles[1], corpus.articles[0]
    number = next(n for n, c in enumerate(corpus.claims) if c.article_id == stays.article_id)
    claim = corpus.claims[number]
    check = QuoteCheck(
        quote=Span(start=claim.start, end=claim.end, text=claim.text),
        outcome="altered",
        found=ArticleSpan(article_id=gone.article_id, start=2, end=8, text=gone.text[2:8]),
        difference=f"it says {gone.text[2:8]!r} there",
    )
    corpus.claims[number] = claim.model_copy(update={"quote_checks": (check,)})

    def told() -> dict[str, Any]:
        rows = {row["claim_id"]: row for row in _release(tmp_path / "d").rows("claims")}
        (found,) = rows[claim.claim_id]["quote_checks"]
        return dict(found)

    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    assert told()["difference"] == check.difference
    assert (told()["found"]["text"] is not None) is open_license
    record = _withdraw(WithdrawalKind.ARTICLE, gone.article_id)
    build_release(dataset_folder=tmp_path / "d", withdraw=[record], **corpus.input())
    assert told()["quote"]["text"] == claim.text
    assert told()["found"]["text"] is None
    assert told()["difference"] is None


def test_a_withdrawn_claim_is_in_no_view(tmp_path: Path) -> None:
    corpus = Corpus(SMALL)
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    claim = corpus.claims[0]
    record = _withdraw(WithdrawalKind.CLAIM, claim.claim_id)
    build_release(dataset_folder=tmp_path / "d", withdraw=[record], **corpus.input())
    release = _release(tmp_path / "d")
    for config in ("nli", "soft", "sft", "queries", "qrels"):
        for row in release.rows(config):
            assert claim.claim_id not in json.dumps(row)
            assert row.get("hypothesis", row.get("text_a")) != claim.text
    assert release.metadata.counts["claims_withdrawn"] == 1


@pytest.mark.parametrize("renamed", [None, "erased-1"])
def test_an_annotator_is_withdrawn_or_renamed_everywhere(
    tmp_path: Path, renamed: str | None
) -> None:
    corpus = Corpus(SMALL)
    build_release(dataset_folder=tmp_path / "d", **corpus.input())
    record = _withdraw(WithdrawalKind.ANNOTATOR, annotator_digest("p_bob"), renamed)
    result = build_release(dataset_folder=tmp_path / "d", withdraw=[record], **corpus.input())
    for path in (tmp_path / "d").rglob("*"):
        assert path.is_dir() or b"p_bob" not in path.read_bytes()
    rows = _release(tmp_path / "d").rows("annotations")
    assert {row["annotator"] for row in rows} == {"p_ada", renamed} - {None}
    if renamed is None:
        assert {item.reason for item in result.left_out} == {"its annotator was withdrawn"}
        assert result.counts["gold_unresolved"] == len(corpus.claims)
    else:
        assert result.changes is not None
        assert not result.changes.relabelled
