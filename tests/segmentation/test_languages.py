"""Languages: rules for others than English, said on every claim; exact positions in any script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimset.models import Article, UnitKind
from claimset.pipeline.eventwise import segment_event
from claimset.segmentation import claims_of, find_units, uncovered_position
from claimset.segmentation.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from claimset.models import Claim

REPOSITORY = Path(__file__).parents[2]

GERMAN = """Brücke in Talheim gesperrt

Talheim, 3. März 2024

Die Stadt hat die Brücke am 3. März gesperrt, d. h. seit Sonntag, teilte Dr. Anna Weiß mit. \
„Wir haben z. B. zwei Risse gefunden. Das ist kein Spaß“, sagte sie. Die Kosten liegen bei \
ca. 1,5 Mio. Euro bzw. 2 Mio. Franken. Sie stand schon im 2. Weltkrieg. »Das wird ‚teuer‘«, \
sagte Prof. Dr. Max Kern. Wann ist sie wieder offen?
"""
FRENCH = """Le pont de Valmont fermé

M. Dupont et Mme Leroy ont fermé le pont le 3 mars, p. ex. aux camions. \
«\u00a0C’est grave\u202f!\u00a0» a dit le maire. \
«\u00a0Nous avons trouvé deux fissures. Il faut agir\u00a0», a expliqué M. Dupont. \
Le pont date du Ier siècle av. J.-C. Les Romains l’ont bâti.

— Vous fermez demain\u00a0? demanda-t-elle.
"""
SPANISH = """El puente de Valverde, cerrado

El Sr. López y la Sra. Díaz cerraron el puente, p. ej. para camiones. «Es grave», dijo el alcalde. \
Viajó a EE. UU. en mayo. ¿Cuánto costará? ¡Nadie lo sabe!

—No lo sé —dijo Ana—. Mañana lo diré.
"""
OTHER_SCRIPTS = {
    "ar": ("أُغلق الجسر يوم الأحد. قالت المديرة: «وجدنا شقين». متى يفتح؟", 3),
    "zh": ("大桥周日关闭。“我们发现了两条裂缝。”工程师说明了原因。什么时候开放？", 4),
    "ja": ("橋は日曜日に閉鎖された。「亀裂が見つかった。」と技師は述べた。いつ開くのか？", 3),
    "hi": ('पुल रविवार को बंद हुआ। डॉ. सिंह ने कहा, "दो दरारें मिलीं।" कब खुलेगा?', 3),
    "th": ("วิศวกรพบรอยร้าวสองแห่งและกล่าวว่าสะพานจะเปิดอีกครั้งในปีหน้าหลังจากซ่อมแซมเสร็จ พ.ศ. 2566", 1),
    "ru": ("Мост закрыт. «Мы нашли трещины», — сказала А. И. Петрова. Когда откроют?", 3),
    "und": ("Pont barrat. Ningú no ho sap.", 2),
}  # fmt: skip


@pytest.fixture
def make(make_article: Callable[[str], Article]) -> Callable[[str, str], Article]:
    """Makes an article of a text in a language."""
    return lambda text, tag: make_article(text).model_copy(update={"language": tag})


def claims(article: Article) -> list[Claim]:
    return claims_of(article, find_units(article))


def quotes(found: list[Claim]) -> list[str]:
    """The quoted words, each quotation once."""
    spans = [q for c in found for a in c.attributions for q in a.quote_spans]
    return list(dict.fromkeys(span.text for span in spans))


def test_german_article(make: Callable[[str, str], Article]) -> None:
    """Abbreviations, ordinals and both kinds of marks; the date line and the heading are named."""
    article = make(GERMAN, "de-AT")
    units = find_units(article)
    assert [(unit.kind.value, unit.text[:18]) for unit in units] == [
        ("heading", "Brücke in Talheim "),
        ("dateline", "Talheim, 3. März 2"),
        ("claim", "Die Stadt hat die "),
        ("claim", "„Wir haben z. B. z"),
        ("claim", "Das ist kein Spaß“"),
        ("claim", "Die Kosten liegen "),
        ("claim", "Sie stand schon im"),
        ("claim", "»Das wird ‚teuer‘«"),
        ("question", "Wann ist sie wiede"),
    ]
    found = claims(article)
    assert quotes(found) == [
        "Wir haben z. B. zwei Risse gefunden. Das ist kein Spaß",
        "Das wird ‚teuer‘",
    ]
    # The quotation over two sentences is one.
    assert found[1].quote_id == found[2].quote_id is not None


def test_french_article(make: Callable[[str, str], Article]) -> None:
    """Spaces inside guillemets belong to no quotation, and a dash opens a turn."""
    found = claims(make(FRENCH, "fr"))
    assert [claim.text[:20].replace("\u00a0", " ") for claim in found] == [
        "M. Dupont et Mme Ler",
        "« C’est grave\u202f! » a ",
        "« Nous avons trouvé ",
        "Il faut agir », a ex",
        "Le pont date du Ier ",
        "Les Romains l’ont bâ",
        "— Vous fermez demain",
    ]
    assert quotes(found) == [
        "C’est grave\u202f!",
        "Nous avons trouvé deux fissures. Il faut agir",
        "Vous fermez demain\u00a0?",
    ]


def test_spanish_article(make: Callable[[str, str], Article]) -> None:
    """Opening marks begin sentences; what is said before and behind an aside is one utterance."""
    article = make(SPANISH, "es-MX")
    assert [unit.text for unit in find_units(article)][3:] == [
        "Viajó a EE. UU. en mayo.",
        "¿Cuánto costará?",
        "¡Nadie lo sabe!",
        "—No lo sé —dijo Ana—.",
        "Mañana lo diré.",
    ]
    found = claims(article)
    assert quotes(found) == ["Es grave", "No lo sé", "Mañana lo diré."]
    assert found[-1].quote_id == found[-2].quote_id is not None


@pytest.mark.parametrize("tag", OTHER_SCRIPTS)
def test_other_scripts_are_cut_by_their_own_marks(
    tag: str, make: Callable[[str, str], Article]
) -> None:
    """Danda, ideographic full stop, Arabic question mark; a Thai line has no mark to cut at."""
    text, expected = OTHER_SCRIPTS[tag]
    units = find_units(make(text, tag))
    assert len(units) == expected, [unit.text for unit in units]
    assert {unit.kind for unit in units} <= {UnitKind.CLAIM, UnitKind.QUESTION}


@pytest.mark.parametrize("tag", ["de", "fr", "es", "sw", "und"])
def test_claims_say_that_no_english_rule_was_used(
    tag: str, make: Callable[[str, str], Article]
) -> None:
    """No score and no speaker is made up, and the rule names the rules."""
    text = 'Angela Merkel said that 5 % of all banks failed in 2009. "We know," said Peter Tauber.'
    for claim in claims(make(text, tag)):
        assert claim.checkworthiness is None
        assert claim.checkworthiness_reasons == (
            f"not scored: the features are English words, the article's language is {tag}",
        )
        assert "language-neutral rules" in claim.rule
        assert all(item.speaker is None and item.cue is None for item in claim.attributions)
    english = claims(make(text, "en-US"))
    assert all(claim.checkworthiness is not None for claim in english)
    assert all("neutral" not in claim.rule for claim in english)
    assert english[1].attributions[0].speaker == "Peter Tauber"


@pytest.mark.parametrize(
    ("tag", "code"), [("EN", "en"), ("eng", "en"), ("ger", "de"), ("fra-CA", "fr"), ("und", "und")]
)
def test_tags_of_one_language_are_one(tag: str, code: str) -> None:
    assert language_of(tag).code == code


def test_the_seeds_are_cut_as_in_the_committed_release(seed_articles: list[Article]) -> None:
    """The published claims rest on the English rules: rules for others leave each value alone."""
    path = REPOSITORY / "dataset" / "claims" / "train-00000-of-00001.parquet"
    fields = (
        *("claim_id", "start", "end", "quote_id", "checkworthiness", "checkworthiness_reasons"),
        *("duplicate_of", "duplicate_score", "duplicate_method", "rule", "segmenter_version"),
    )
    published = pq.read_table(path).to_pylist()
    found = [claim.model_dump(mode="json") for claim in segment_event(seed_articles).claims]

    def values(row: dict[str, Any]) -> dict[str, Any]:
        spans = [
            (span["start"], span["end"])
            for item in row["attributions"]
            for span in (item["speaker_span"], item["cue_span"], *item["quote_spans"])
            if span
        ]
        unseen = [(span["start"], span["end"]) for span in row["unseen"]]
        return {name: row[name] for name in fields} | {"spans": spans, "unseen": unseen}

    assert list(map(values, found)) == list(map(values, published))


def test_retellings_are_linked_only_where_the_language_is_known(
    make: Callable[[str, str], Article],
) -> None:
    """A negation that is not understood must not make two claims one; the same words are."""
    text = "Der Minister ist am Montag gegangen. Der Minister ist am Montag nicht gegangen."
    one = make(text, "de")
    other = make(text + " Er kommt wieder.", "de").model_copy(update={"article_id": "b"})
    found = segment_event([one, other])
    assert [claim.duplicate_of for claim in found.claims] == [
        None, None, found.claims[0].claim_id, found.claims[1].claim_id, None,
    ]  # fmt: skip
    assert {claim.duplicate_method for claim in found.claims[2:4]} == {"same words"}
    assert all(claim.unseen == () for claim in found.claims)


def test_an_english_article_beside_a_german_one_keeps_its_facts(
    make: Callable[[str, str], Article],
) -> None:
    """Claims stay in text order, each with what its language allows."""
    german = make("Der Rat tagte am Montag in Bonn.", "de")
    english = make("Ann Lee met the council on Monday.", "en").model_copy(
        update={"article_id": "b"}
    )
    first, second = segment_event([german, english]).claims
    assert (first.article_id, first.unseen) == ("a", ())
    assert second.checkworthiness is not None
    assert [span.text for span in second.unseen] == ["Ann Lee"]


def test_sentences_without_spaces_find_their_evidence(
    make: Callable[[str, str], Article],
) -> None:
    """Chinese writes no words apart; sentences that share some are candidates all the same."""
    claim = make("大桥周日关闭。市长访问了学校。", "zh")
    source = make("天气很好。大桥因裂缝关闭。新学校开学了。", "zh").model_copy(
        update={"article_id": "b"}
    )
    found = segment_event([claim, source])
    first, second = (c.claim_id for c in found.claims[:2])
    best = {c.claim_id: c.text for c in found.candidates if c.rank == 1}
    assert best[first] == "大桥因裂缝关闭。"
    assert best[second] == "新学校开学了。"


_PIECES = st.sampled_from(
    [*GERMAN.split(), *FRENCH.split(" "), *SPANISH.split()]
    + [text for text, _ in OTHER_SCRIPTS.values()]
    + ["\n", "\n\n", " ", "\u00a0", "\u202f", "„", "“", "”", "«", "»", "‹", "›", "‚", "‘", "’", '"']
    + ["—", "– ", ". ", "! ", "。", "।", "؟ ", "…", "3. ", "z. B. ", "a", "é", "ก", "字", "🙂", "م"]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.lists(_PIECES, min_size=1, max_size=40).map("".join), st.text(min_size=1)),
    st.sampled_from(["de", "fr", "es", "ar", "zh", "ja", "hi", "th", "ru", "und", "xx"]),
)
def test_positions_are_exact_in_every_language(text: str, tag: str) -> None:
    """Nothing is lost, nothing overlaps, and every span is a slice: whatever the text."""
    text = text.replace("\0", "").replace("\r", "")
    if not text.strip():
        return
    article = Article(
        article_id="a",
        event_id="e",
        title="t",
        license="none",
        path="a.txt",
        sha256="0" * 64,
        text_sha256="0" * 64,
        text=text,
        language=tag,
    )
    units = find_units(article)
    assert uncovered_position(text, units) is None
    for row in (*units, *claims_of(article, units)):
        row.check(text, where="test")
        assert row.text.strip() == row.text
    for claim in claims_of(article, units):
        for item in claim.attributions:
            for span in item.quote_spans:
                span.check(text, where="test")
