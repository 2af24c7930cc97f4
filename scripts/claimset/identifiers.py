"""Names that stay the same: content hashes, claim ids and annotator pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "annotation_id",
    "annotator_pseudonym",
    "canonical_json",
    "claim_id",
    "content_id",
    "hash_json",
    "sha256_hex",
]

_ID_HEX_DIGITS = 16
_quoted = json.encoder.encode_basestring
_ENCODER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)


def sha256_hex(data: bytes) -> str:
    """Lower-case hex SHA-256 of ``data``.

    >>> sha256_hex(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(data).hexdigest()


def canonical_json(value: object) -> str:
    """One JSON text per value: keys sorted, no spaces, non-ASCII kept.

    Lone surrogates are not expected here: article text is decoded strictly, so every string is
    valid Unicode. ``NaN`` and infinities are refused because they have no JSON form.

    Raises:
        ValueError: A float is not finite.

    >>> canonical_json({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return _ENCODER.encode(value)


def hash_json(value: object) -> str:
    """SHA-256 over :func:`canonical_json` of ``value``."""
    return sha256_hex(canonical_json(value).encode("utf-8"))


def content_id(
    tables: Mapping[str, Mapping[str, Iterable[Mapping[str, Any]]]],
) -> str:
    """Identify the content of named tables, whatever library or version wrote the files.

    The hash of a column is the SHA-256 over the :func:`canonical_json` of each of its values, a
    line each, in row order. The content id is the SHA-256 over the canonical JSON of all
    ``[table, split, column, hash of the column]``: tables in name order, splits in the order
    given, columns in name order. A split without rows contributes nothing.

    This is the definition, over plain rows; ``release.canonical`` computes the same from Arrow.
    The caller leaves out columns that record a run rather than say something.

    Args:
        tables: Rows by table and split, in release order; dates as ISO 8601, labels by name.
    """
    found = []
    for table in sorted(tables):
        for split, rows in tables[table].items():
            hashes: dict[str, Any] = {}
            for row in rows:
                for column, value in row.items():
                    line = canonical_json(value).encode("utf-8") + b"\n"
                    hashes.setdefault(column, hashlib.sha256()).update(line)
            found += [
                [table, split, column, hashes[column].hexdigest()] for column in sorted(hashes)
            ]
    return hash_json(found)


def claim_id(article_id: str, text: str, occurrence: int) -> str:
    """Name a claim by where it stands and what it says, not by its position.

    Args:
        article_id: The article that holds the claim.
        text: The claim's exact text.
        occurrence: 0 for the first claim with this text in the article, 1 for the second, …

    Returns:
        ``c_`` and 16 hex digits. Edits elsewhere in the article leave it unchanged; at
        100 million claims the chance of any collision is below 0.03 %.

    Raises:
        ValueError: ``occurrence`` is negative.

    >>> claim_id("a", "Water is wet.", 0)
    'c_23641aebd7e53037'
    """
    if occurrence < 0:
        msg = f"occurrence must be 0 or more, not {occurrence}"
        raise ValueError(msg)
    # The canonical JSON of the three, put together by hand: every claim is named.
    value = f"[{_quoted(article_id)},{_quoted(text)},{occurrence}]"
    return "c_" + hashlib.sha256(value.encode("utf-8")).hexdigest()[:_ID_HEX_DIGITS]


def annotation_id(round_name: str, label_studio_id: int, generation: int = 1) -> str:
    """Name an annotation by its round and the id that Label Studio gave it.

    Args:
        round_name: The round.
        label_studio_id: The id; another server, or a new database, gives the same ids again.
        generation: How often the round's project was made, so that they stay apart.

    >>> annotation_id("pilot", 17), annotation_id("pilot", 17, generation=2)
    ('pilot:17', 'pilot/2:17')
    """
    name = round_name if generation == 1 else f"{round_name}/{generation}"
    return f"{name}:{label_studio_id}"


def annotator_pseudonym(account: str, secret: bytes) -> str:
    """A stable name for a person that cannot be turned back without the workspace's secret.

    Keyed with HMAC-SHA-256 (RFC 2104), so that a list of likely e-mail addresses cannot be tried
    against a published dataset. Accounts are compared without regard to case or outer space.

    Args:
        account: The account's e-mail address.
        secret: The workspace's secret, at least 16 bytes.

    Raises:
        ValueError: The secret is too short to protect anybody.
    """
    minimum_bytes = 16
    if len(secret) < minimum_bytes:
        msg = "the pseudonym secret must have at least 16 bytes"
        raise ValueError(msg)
    key = hmac.new(secret, account.strip().casefold().encode("utf-8"), hashlib.sha256)
    return "p_" + key.hexdigest()[:_ID_HEX_DIGITS]
