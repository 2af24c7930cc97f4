"""Quotations of other languages: which marks belong together, and turns of a dialogue."""

from __future__ import annotations

import pytest

from claimset.segmentation.neutral_quotations import neutral_quotations

CASES = [
    ("Er sagte: „Ja, ‚gut‘.“ Und „nein“.", ["Ja, ‚gut‘.", "nein"]),
    ("»Ja«, sagte er, »und ›nein‹.«", ["Ja", "und ›nein‹."]),
    ("«Ja», sagte die Zürcherin.", ["Ja"]),
    ('„Ja”, sagte er. "Nein", sagte sie.', ["Ja", "Nein"]),
    ("Das ist ‚teuer‘, geht’s noch?", ["teuer"]),
    ("«\u00a0Oui, «\u00a0bien\u00a0»\u00a0», dit-il.", ["Oui, «\u00a0bien\u00a0»"]),
    ("L’homme dit “oui” aujourd’hui.", ["oui"]),
    ("«Sí, “bien” y ‘mal’», dijo.", ["Sí, “bien” y ‘mal’"]),
    ("»Nej», sade hon. ”Ja”, sade han.", ["Nej", "Ja"]),
    ("他说：“好。”她说：「不，『好』。」", ["好。", "不，『好』。"]),
    ("— Oui, répondit le maire, dès lundi.", ["Oui", "dès lundi."]),
    ("—Sí —dijo Ana, que reía—. Voy. —Y se fue.", ["Sí", "Voy."]),
    ("— Нет, — сказала она. — Никогда.", ["Нет,", "Никогда."]),
    ("– Tak – powiedział Jan. – Idę.", ["Tak – powiedział Jan. – Idę."]),
    ("Ein Zoll ist 1\" lang, der Rechner kostet 5' mehr.", []),
    ('„ “ «» ""', []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_quotations(text: str, expected: list[str]) -> None:
    found = neutral_quotations(text, 0, len(text))
    assert [text[q.inner_start : q.inner_end] for q in found] == expected


def test_a_quotation_without_an_end_holds_to_the_paragraphs_end() -> None:
    """Newspapers close a quotation of several paragraphs only once."""
    text = "Er sagte: „Wir gehen.\nUnd wir kommen."
    (found,) = neutral_quotations(text, 0, 21)
    assert text[found.inner_start : found.inner_end] == "Wir gehen."
    assert found.is_open
