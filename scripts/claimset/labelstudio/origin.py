"""Origins and addresses: where a server is, as settings name it."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["address_of", "origin_of"]


def origin_of(url: str | None) -> str | None:
    """The origin that a URL is, without a slash at the end; ``None`` for none.

    Raises:
        ValueError: It is more or less than an origin.

    >>> origin_of("https://labels.example.org/")
    'https://labels.example.org'
    """
    if not url:
        return None
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    whole = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    if not whole or url.rstrip("/") != origin:
        msg = "it must be an address without a path, such as https://labels.example.org"
        raise ValueError(msg)
    return origin


def address_of(url: str | None) -> str | None:
    """The base address that a URL is, without a slash at the end; ``None`` for none.

    Raises:
        ValueError: It is none, or holds a secret.

    >>> address_of("https://studio.example.org/team/")
    'https://studio.example.org/team'
    """
    if not url:
        return None  # set, but empty: as if it were not set
    parts = urlsplit(url)
    if parts.username or parts.password:
        msg = "it must not hold a name or password; the token goes into LABEL_STUDIO_API_KEY"
        raise ValueError(msg)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        msg = "it must be an address such as https://studio.example.org"
        raise ValueError(msg)
    return url.rstrip("/")
