"""What goes wrong on the way to Label Studio, as one error that says what to do."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import httpx

from claimset.errors import LabelStudioError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["NOT_FOUND", "UnclearError", "calling", "reading", "refusal"]

NOT_FOUND = 404
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_TOO_MANY, _SERVER_FAULT = 429, 500
_DETAIL_WIDTH = 300


class UnclearError(LabelStudioError):
    """The request failed, and the server may have done it all the same."""


@contextlib.contextmanager
def calling(where: str) -> Iterator[None]:
    """Turn whatever the network or a damaged answer raises into an :class:`UnclearError`.

    Args:
        where: The call in words and the server, for the error's place.

    Raises:
        UnclearError: The call failed; the message never holds the access token.
    """
    try:
        yield
    except httpx.TimeoutException as error:
        raise UnclearError(
            "Label Studio did not answer in time",
            where=where,
            remedy="nothing is lost: see whether the server is overloaded, then run the "
            "command again; it looks up what has arrived",
        ) from error
    except httpx.HTTPStatusError as error:
        # Not chained: the error carries the request's headers.
        raise refusal(error.response.status_code, "", where=where, missing="") from None
    except (httpx.HTTPError, OSError) as error:
        raise UnclearError(
            f"Label Studio cannot be reached ({type(error).__name__}: {error})",
            where=where,
            remedy="see that the server runs and that LABEL_STUDIO_URL names it, then run the "
            "command again; it goes on where it was",
        ) from error
    except (ValueError, RecursionError) as error:  # no JSON, broken off, or nested without end
        raise _not_as_described(error, where) from error


@contextlib.contextmanager
def reading(where: str) -> Iterator[None]:
    """Turn what comes of an answer of another form, of another program say, into an error.

    Args:
        where: The call in words and the server, for the error's place.

    Raises:
        UnclearError: The answer lacks a field, or holds something else in its place.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _not_as_described(error, where) from error


def _not_as_described(error: Exception, where: str) -> UnclearError:
    said = f"it has no {error}" if isinstance(error, KeyError) else _shorten(error)
    return UnclearError(
        f"Label Studio's answer is not as its interface describes it: {said}",
        where=where,
        remedy="see that LABEL_STUDIO_URL names a Label Studio of version 1.23",
    )


def refusal(status: int | None, body: Any, *, where: str, missing: str) -> LabelStudioError:
    """The error for an answer that says no."""
    if status == _UNAUTHORIZED:
        return LabelStudioError(
            "Label Studio does not accept the access token",
            where=where,
            remedy="set LABEL_STUDIO_API_KEY to a token of your account "
            "(in Label Studio: Account & Settings)",
            status=status,
        )
    if status == _FORBIDDEN:
        return LabelStudioError(
            "the account may not do this in Label Studio",
            where=where,
            remedy="use the token of an account of the same organization, or switch legacy tokens "
            "on in Organization > API Tokens Settings",
            status=status,
        )
    if status == NOT_FOUND and missing:
        return LabelStudioError(
            f"{missing} in Label Studio: it was deleted, or the server is another one",
            where=where,
            remedy="see that LABEL_STUDIO_URL names the right server; if the project was deleted, "
            "`claimset push --recreate` makes it anew (pulled annotations stay in the ledger)",
            status=status,
        )
    detail = body.get("detail", body) if isinstance(body, dict) else body
    unclear = status is not None and (status >= _SERVER_FAULT or status == _TOO_MANY)
    return (UnclearError if unclear else LabelStudioError)(
        f"Label Studio answered with status {status}: {_shorten(detail)}",
        where=where,
        remedy="nothing is lost; see the server's log, then run the command again",
        status=status,
    )


def _shorten(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _DETAIL_WIDTH else text[: _DETAIL_WIDTH - 1] + "…"
