"""Chat: the one place that speaks to a model's server, by the protocol that most of them share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from claimset.errors import RemoteError, UsageError
from claimset.llm.answer import SCHEMA
from claimset.llm.options import LlmOptions, is_loopback

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from pydantic import SecretStr

__all__ = ["Chat", "Completion"]

_PATH = "POST /chat/completions"
_SHOWN = 200


class Completion(NamedTuple):
    """What a server answered.

    Attributes:
        text: The model's words; empty when it gave none.
        refusal: Why there are none, in the server's or the model's words.
        is_cut: Whether they end where the answer was full.
        input_tokens: Tokens of the question, if the server says.
        output_tokens: Tokens of the answer, if the server says.
    """

    text: str
    refusal: str | None
    is_cut: bool
    input_tokens: int | None
    output_tokens: int | None

    @property
    def spent(self) -> int | None:
        """Tokens of both, if the server says."""
        if self.input_tokens is None or self.output_tokens is None:
            return None
        return self.input_tokens + self.output_tokens


class Chat:
    """A connection to a server of the OpenAI kind; several threads may use it.

    Redirects are not followed, so that no other address than the one in the settings is reached.

    Args:
        options: Where the server is and how it is asked.
        api_key: Its key, if it wants one.

    Raises:
        UsageError: The extra ``llm`` is not installed, or the key would travel in the open.
    """

    def __init__(self, options: LlmOptions, api_key: SecretStr | None) -> None:
        try:
            import httpx  # noqa: PLC0415 - loaded only where a model is asked
            import openai  # noqa: PLC0415
        except ImportError as error:
            raise UsageError(
                "the extra `llm` is not installed",
                where="segmenter llm",
                remedy="pip install 'claimset[llm]'",
            ) from error
        local = is_loopback(options.base_url)
        if api_key is not None and options.base_url.startswith("http://") and not local:
            raise UsageError(
                "the key would be sent unencrypted",
                where=options.base_url,
                remedy="use an https address, or a server of this machine",
            )
        self._options = options
        self._openai = openai
        self._has_key = api_key is not None
        self._key = "none" if api_key is None else api_key.get_secret_value()
        self._http = httpx.Client(timeout=options.timeout, trust_env=not local)
        self._client = openai.OpenAI(
            api_key=self._key,
            base_url=options.base_url,
            max_retries=options.retries,
            http_client=self._http,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def ask(self, system: str, message: str, *, temperature: float, where: str) -> Completion:
        """Ask once; what passes by itself is tried again, at the time the server names.

        Args:
            system: What the model is told to do.
            message: What it is told to do it with.
            temperature: How freely it chooses.
            where: What the request is about, for messages.

        Raises:
            RemoteError: The server refused, failed or cannot be reached.
        """
        openai = self._openai
        try:
            found = self._client.chat.completions.create(
                model=self._options.model,
                messages=[
                    {"role": "system", "content": system},
                    {"role": "user", "content": message},
                ],
                max_tokens=self._options.max_output,
                temperature=temperature,
                seed=self._options.seed,
                response_format={
                    "type": "json_schema",
                    "json_schema": {"name": "claims", "schema": SCHEMA, "strict": True},
                },
            )
        except openai.APITimeoutError as error:
            raise self._fault(
                f"the model gave no answer within {self._options.timeout:g} s", where
            ) from error
        except openai.APIConnectionError as error:
            raise self._fault("the model's server cannot be reached", where) from error
        except openai.APIStatusError as error:
            raise self._refused(error, where) from None  # a server may repeat the key
        except (openai.OpenAIError, ValueError) as error:
            raise self._fault("the server's answer is not one of its protocol", where) from error
        return _completion(found, lambda what: self._fault(what, where))

    def _refused(self, error: Any, where: str) -> RemoteError:
        status = error.status_code
        remedies = {
            401: "set CLAIMSET_LLM_API_KEY to a key that is valid there",
            403: "set CLAIMSET_LLM_API_KEY to a key that may use the model",
            404: f"see that the model is called {self._options.model!r} there, and that base_url "
            "is the server's /v1",
            429: "wait, or lower `parallel`; what was answered is kept",
        }
        body = error.body if isinstance(error.body, dict) else {}
        inner = body.get("error", body)
        said = inner.get("message") if isinstance(inner, dict) else inner
        text = str(said or error.message)
        if self._has_key:
            text = text.replace(self._key, "…")
        line = " ".join(text.split())[:_SHOWN]
        return self._fault(
            f"the model's server answered HTTP {status}: {line}",
            where,
            status=status,
            remedy=remedies.get(status),
        )

    def _fault(
        self, what: str, where: str, *, status: int | None = None, remedy: str | None = None
    ) -> RemoteError:
        return RemoteError(
            what,
            where=f"{_PATH} at {self._options.base_url}, {where}",
            remedy=remedy
            or "see that the server runs; run the command again: it goes on where it was cut off",
            status=status,
        )


def _completion(found: Any, fault: Any) -> Completion:
    """What an answer of the protocol says; servers leave out much of it."""
    choices = getattr(found, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        raise fault("the server's answer holds no message")
    choice = choices[0]
    usage = getattr(found, "usage", None)
    refusal = getattr(choice.message, "refusal", None)
    if choice.finish_reason == "content_filter":
        refusal = refusal or "withheld by the server's filter"
    text = choice.message.content
    return Completion(
        text=text if isinstance(text, str) else "",
        refusal=" ".join(str(refusal).split())[:_SHOWN] if refusal else None,
        is_cut=choice.finish_reason == "length",
        input_tokens=_count(usage, "prompt_tokens"),
        output_tokens=_count(usage, "completion_tokens"),
    )


def _count(usage: Any, name: str) -> int | None:
    value = getattr(usage, name, None)
    return value if isinstance(value, int) and value >= 0 else None
