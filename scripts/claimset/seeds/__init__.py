"""The input room: the manifest, the articles it names, and recorded annotations."""

from claimset.seeds.articles import (
    article_of,
    decode_article,
    read_article_bytes,
    read_articles,
    read_events,
    read_listed_article,
)
from claimset.seeds.corrections import corrected_manifest
from claimset.seeds.known_answers import read_known_answers
from claimset.seeds.lines import describe_validation_error
from claimset.seeds.manifest import read_event_rows, read_manifest
from claimset.seeds.recordings import (
    read_adjudications,
    read_originals,
    read_recording,
    read_reference,
)
from claimset.seeds.texts import ArticleTexts

__all__ = [
    "ArticleTexts",
    "article_of",
    "corrected_manifest",
    "decode_article",
    "describe_validation_error",
    "read_adjudications",
    "read_article_bytes",
    "read_articles",
    "read_event_rows",
    "read_events",
    "read_known_answers",
    "read_listed_article",
    "read_manifest",
    "read_originals",
    "read_recording",
    "read_reference",
]
