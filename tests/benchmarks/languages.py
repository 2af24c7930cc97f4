"""How fast articles in other languages become claims, beside English ones in the same run.

Usage: ``python tests/benchmarks/languages.py [--kilobytes 400]``

Each text repeats a few paragraphs written for this benchmark, the English one with as many
quotations and abbreviations as the others. Times are processor time of one core, the best of five
rounds; an article counts its UTF-8 bytes. The last column holds the languages against English:
their rules seek no speaker and score nothing, so they must not be slower.
"""

from __future__ import annotations

import argparse
import time
from typing import Final

from rich.console import Console
from rich.table import Table

from claimset.models import Article
from claimset.segmentation import claims_of, find_units

PARAGRAPHS: Final = {
    "en": "The town closed the bridge on 3 March, i.e. on Sunday, said Dr. Anna White. “We found "
    "two cracks. This is no joke,” she said. It costs about 1.5 million pounds. When will it open "
    "again? Nobody knows.",
    "de": "Die Stadt hat die Brücke am 3. März gesperrt, d. h. am Sonntag, sagte Dr. Anna Weiß. "
    "„Wir haben zwei Risse gefunden. Das ist kein Spaß“, sagte sie. Sie kostet ca. 1,5 Mio. Euro. "
    "Wann ist sie wieder offen? Niemand weiß es.",
    "fr": "La ville a fermé le pont le 3 mars, c.-à-d. dimanche, a dit Mme Anna Leblanc. "
    "«\u00a0Nous avons trouvé deux fissures. C’est grave\u00a0», a-t-elle dit. "
    "Il coûte env. 1,5 million. Quand ouvrira-t-il\u00a0? Personne ne le sait.",
    "es": "La ciudad cerró el puente el 3 de marzo, p. ej. para camiones, dijo la Sra. Ana Blanco. "
    "«Hallamos dos grietas. No es broma», dijo. Cuesta 1,5 millones. ¿Cuándo abrirá? "
    "Nadie lo sabe.",
    "ar": "أغلقت المدينة الجسر يوم الأحد. قالت المديرة: «وجدنا شقين». يكلف نحو مليون. متى يفتح؟",
    "hi": 'शहर ने रविवार को पुल बंद किया। डॉ. सिंह ने कहा, "दो दरारें मिलीं।" यह कब खुलेगा?',
    "zh": "市政府周日关闭了大桥。工程师说：“我们发现了两条裂缝。”修理费约一百万。什么时候开放？",
    "th": "เมืองปิดสะพานเมื่อวันอาทิตย์ วิศวกรพบรอยร้าวสองแห่งและกล่าวว่าค่าซ่อมประมาณหนึ่งล้านบาท",
}  # fmt: skip
ROUNDS: Final = 5


def article_of(paragraph: str, language: str) -> Article:
    """Seven paragraphs, as the other benchmarks have."""
    return Article(
        article_id="a",
        event_id="e",
        title="t",
        license="none",
        path="a.txt",
        sha256="0" * 64,
        text_sha256="0" * 64,
        text="\n\n".join([paragraph] * 7),
        language=language,
    )


def megabytes_a_second(language: str, kilobytes: int) -> tuple[float, int]:
    """Rate, and claims of one article."""
    article = article_of(PARAGRAPHS[language], language)
    size = len(article.text.encode("utf-8"))
    times = max(1, kilobytes * 1000 // size)
    claims = len(claims_of(article, find_units(article)))
    best = float("inf")
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(times):
            claims_of(article, find_units(article))
        best = min(best, time.process_time() - began)
    return size * times / best / 1e6, claims


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kilobytes", type=int, default=400)
    options = parser.parse_args()
    table = Table("language", "claims an article", "MB/s", "of English")
    english, _ = megabytes_a_second("en", options.kilobytes)
    for language in PARAGRAPHS:
        rate, claims = megabytes_a_second(language, options.kilobytes)
        table.add_row(language, str(claims), f"{rate:.2f}", f"{rate / english:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
