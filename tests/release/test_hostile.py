"""Hostile words from articles, publishers and reasons reach no reader as anything but words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import yaml
from pydantic import ValidationError

from claimset.models import Article, Withdrawal, WithdrawalKind
from claimset.release.builder import build_release
from claimset.release.difference import diff_releases
from claimset.release.reader import read_release
from claimset.reporting.diff_page import render_difference
from tests.release.corpora import Corpus

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = (
    '=HYPERLINK("http://evil.example","x") <script>alert(1)</script> | [x](javascript:1) '
    "![i](http://evil.example/i.png) <img src=x onerror=alert(1)> `code` \n# Heading\n---\n"
    "license: mit\n..."
)
PUBLISHER = 'name: b\n- "x" {y: z} # comment\n---\nlicense: mit'
SENTENCE = (
    ' The <script>alert(2)</script> town has 5 people. "=1+1" was said by Mr =cmd|A1 in 2020.'
)


class _Hostile(Corpus):
    def add(self, name: str, event: str, text: str, article: dict[str, object]) -> None:
        super().add(name, event, text + SENTENCE, article)


@pytest.fixture
def texts(tmp_path: Path) -> dict[str, str]:
    """Card, changelog and page of a difference, of two releases with hostile words everywhere."""
    corpus = _Hostile(
        range(3), title=HOSTILE, publisher=PUBLISHER, license=HOSTILE, url="javascript:alert(1)"
    )
    build_release(dataset_folder=tmp_path / "one", **corpus.input())
    build_release(dataset_folder=tmp_path / "two", **corpus.input())
    corpus.verdicts[next(c.claim_id for c in corpus.claims if "<script" in c.text)] = "refuted"
    gone = Withdrawal(
        kind=WithdrawalKind.ARTICLE, id=corpus.articles[5].article_id, reason=HOSTILE, since="0.0.0"
    )
    build_release(dataset_folder=tmp_path / "two", withdraw=[gone], **corpus.input())
    one, two = read_release(tmp_path / "one"), read_release(tmp_path / "two")
    assert one is not None
    assert two is not None
    return {
        "card": (tmp_path / "two" / "README.md").read_text("utf-8"),
        "changelog": (tmp_path / "two" / "CHANGELOG.md").read_text("utf-8"),
        "page": render_difference(diff_releases(one, two)),
    }


@pytest.mark.parametrize("name", ["card", "changelog", "page"])
def test_no_markup_comes_through(texts: dict[str, str], name: str) -> None:
    text = texts[name]
    words = text if name != "card" else re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    assert "alert(" in words  # the words are there
    assert not re.search(r"<\s*(script|img)", words)
    if name != "page":
        assert not re.search(r"(?<!\\)\]\(\s*(javascript|http://evil)", words)
        assert not re.search(r"^# Heading", words, flags=re.MULTILINE)
        assert "](http://evil" not in words


def test_the_yaml_of_the_card_is_the_publishers_own(texts: dict[str, str]) -> None:
    _, front, _ = texts["card"].split("---\n", 2)
    described = yaml.safe_load(front)
    assert described["pretty_name"] == "bridges"
    assert described["license"] == "other"
    assert "mit" not in front.split()


def test_every_article_is_one_row_of_the_cards_table(texts: dict[str, str]) -> None:
    rows = [line for line in texts["card"].splitlines() if line.startswith("| `a000")]
    assert len(rows) == 5
    assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1


@pytest.mark.parametrize("name", ["../up", "a/b", "/etc/passwd", "a\\b", "", "..", "-x", "a\0b"])
def test_a_path_is_no_id(name: str) -> None:
    article = Corpus(range(1)).articles[0].model_dump()
    for field in ("article_id", "event_id"):
        with pytest.raises(ValidationError):
            Article.model_validate(article | {field: name})
    if name != "a/b" and not name.startswith("-"):
        with pytest.raises(ValidationError):
            Article.model_validate(article | {"path": name})
