"""Sentences of other languages: what a full stop means there."""

from __future__ import annotations

import pytest

from claimset.segmentation.neutral_sentences import neutral_sentences


def cut(text: str, code: str) -> list[str]:
    return [text[start:end] for start, end in neutral_sentences(text, 0, len(text), code)]


WHOLE = [
    ("de", "Das gilt z. B. für Dr. Meier, d. h. für alle usw., vgl. S. 5 und Nr. 7."),
    ("de", "Sie kam am 3. März und ging am 5. 4. 2024 im 21. Jahrhundert zum 2. Spieltag."),
    ("de", "Friedrich II. von Preußen und Ludwig XIV. regierten u. a. in der Hauptstr. 5 in Köln."),
    ("de", "Die Kosten betragen ca. 1,5 Mio. Euro bzw. 2.500.000 Franken inkl. Steuer."),
    (
        "de",
        "„Kommst du?“, fragte sie Frau Prof. Dr. med. Anna M. Weiß von der Muster GmbH & Co. KG.",
    ),
    ("fr", "M. Dupont, Mme Leroy et le Dr. Petit arrivent, p. ex. lundi, cf. p. 5 du vol. 2."),
    (
        "fr",
        "«\u00a0Oui\u202f!\u00a0» répond-il à J.-P. Martin, né vers 50 av. J.-C. selon la légende.",
    ),
    ("es", "El Sr. López y la Sra. Díaz, p. ej., viajaron a EE. UU. con el Dr. Gil, pág. 5."),
    ("es", "«¿Quién lo sabe?», preguntó D. Juan a las 8 a. m. del lunes."),
    ("ja", "「いいえ。」と彼は言った。"),
    ("ru", "«Нет!» — сказал А. С. Пушкин в 1830 г. и ушёл."),
    ("hi", "डॉ. सिंह आए।"),
    ("xx", "J. K. Smith, Dr. No et al. 3.5 v1.2.3"),
    ("de", "• 2. Wir kaufen die Brücke."),
    ("es", "Llegó el Lun. 15 de Mar. con el párr. 5 y el No. 7."),
    ("es", "Dijo: «Nadie lo sabe [...] Ana tampoco»."),
    ("cs", "Přišel 3. března 2024 domů."),
]
TWO = [
    ("de", "Er ist 42. Sie ist 40."),
    ("de", "Es kamen Pfeiler, Bögen usw. Der Rat schwieg."),
    ("de", "Das war 1945. Danach kam Frieden."),
    ("de", "Sie wohnt in der Schillerstraße. Heute zieht sie um."),
    ("de", "„Nein.“ Sie ging."),
    ("de", "»Nein!« Er blieb."),
    ("de", "So ist das so. Aber niemand sagt es."),
    ("fr", "Il est né en 50 av. J.-C. Les Romains régnaient."),
    ("fr", "C’est fini\u202f! Il part."),
    ("fr", "Il attend… Puis il part."),
    ("fr", "Elle a pris le vol. Il a pris le train."),
    ("es", "Viajó a EE. UU. El alcalde esperó."),
    ("es", "Nadie lo sabe. ¿Quién irá?"),
    ("es", "Dijo que no. Ella se fue."),
    ("es", "¡No! Mañana iré."),
    ("es", "Uno y uno son 2. 2 y 2 son 4."),
    ("zh", "桥关了。没人知道！"),
    ("ar", "أُغلق الجسر. لا أحد يعرف."),
    ("ur", "پل بند ہے۔ کوئی نہیں جانتا۔"),
    ("am", "ድልድዩ ተዘጋ። ማንም አያውቅም።"),
    ("hy", "Կամուրջը փակ է։ Ոչ ոք չգիտի։"),
    ("ka", "ხიდი დაკეტილია. არავინ იცის."),
    ("xx", "Foo bar 12. Baz qux."),
]


@pytest.mark.parametrize(("code", "text"), WHOLE)
def test_sentence_stays_whole(code: str, text: str) -> None:
    assert cut(text, code) == [text]


@pytest.mark.parametrize(("code", "text"), TWO)
def test_two_sentences_are_cut(code: str, text: str) -> None:
    assert len(cut(text, code)) == 2, cut(text, code)
