"""Asks a model: several endpoints one after the other, streamed, inside one total deadline, or one clear error."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, cast

from hub.ai import failures, prompts, request
from hub.ai.clients import Endpoint, client, load
from hub.ai.errors import AIError
from hub.ai.json_text import PartialJson
from hub.ai.reply import Action, Reply, parse
from hub.lib import deadline
from hub.lib.cache import Cache

if TYPE_CHECKING:
    from openai import Stream
    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionChunk

__all__ = ["Cancelled", "Endpoint", "Reply", "Turn", "converse"]

OnText = Callable[[str], None]

# Characters of an answer after which a model is only repeating itself.
_LONGEST = 40_000
# Which failure to report when all endpoints failed: the one that is most worth another try.
_PREFERENCE = ("refused", "rate_limit", "timeout", "unavailable", "cut", "bad_answer", "quota", "auth")
# (address, model) -> arguments it refuses, so that only the first question pays for finding out.
_refused: Cache[tuple[str, str], frozenset[str]] = Cache(float("inf"), most=1_000)


class Turn(NamedTuple):
    """One line of the conversation; `role` is "user" or "assistant"."""

    role: str
    content: str


class Cancelled(Exception):
    """Raised by `on_text` to stop an answer that nobody wants any more; the stream is closed and it passes on."""


class _Piece(NamedTuple):
    text: str
    refusal: bool
    finish: str | None
    model: str | None
    usage: tuple[int, int] | None


def converse(endpoints: Sequence[Endpoint], messages: list[dict[str, str]], *, deadline_s: float,
             on_text: OnText | None = None, temperature: float = 0.7, max_tokens: int = 600) -> Reply:
    """The answer of the first endpoint that gives one.

    `on_text` gets the whole text so far, each time it grew; never the text of a hand-over. While others are left, an
    endpoint has its share of the time to begin; once it has begun, all of it. Raises AIError.
    """
    load()
    until, failed = time.monotonic() + deadline_s, list[AIError]()
    for number, endpoint in enumerate(endpoints):
        asked = request.build(endpoint.model, messages, temperature, max_tokens)
        try:
            with deadline.within((until - time.monotonic()) / (len(endpoints) - number)):
                return replace(_ask(endpoint, asked, until, on_text), endpoint=number, failures=tuple(failed))
        except AIError as error:
            error.endpoint = number
            failed.append(error)
            if error.kind == "refused" or time.monotonic() >= until:
                break       # another model is not asked to say what one declined to
    raise _verdict(failed)


def _verdict(failed: list[AIError]) -> AIError:
    if not failed:
        return AIError("unavailable", "No model is set up.")
    worst = min(failed, key=lambda error: _PREFERENCE.index(error.kind))
    worst.earlier = tuple(error for error in failed if error is not worst)
    return worst


def _ask(endpoint: Endpoint, asked: request.Request, until: float, on_text: OnText | None) -> Reply:
    began, partial, sent = time.monotonic(), PartialJson(), ""
    content, finish, model, usage = "", None, endpoint.model, None
    with closing(_pieces(endpoint, asked)) as pieces:
        for piece in pieces:
            if not content and piece.text:
                deadline.extend(until)
            content += piece.text
            finish, model, usage = piece.finish or finish, piece.model or model, piece.usage or usage
            _still_good(content, piece)
            partial.feed(piece.text)
            if on_text and len(text := _shown(partial)) > len(sent):
                sent = text
                on_text(text)
    action, intent, sources, text = _whole(content, finish)
    tokens_in, tokens_out = usage or (prompts.tokens_of(asked["messages"]), prompts.tokens(content))
    return Reply(action, intent, sources, text, model, tokens_in, tokens_out,
                 round((time.monotonic() - began) * 1000))


def _shown(partial: PartialJson) -> str:
    """The text so far of an answer to the customer; of a hand-over nothing."""
    is_for_customer = "action" in partial.complete and partial.texts["action"] in ("answer", "clarify")
    return partial.texts.get("text", "").replace("\x00", "").strip() if is_for_customer else ""


def _still_good(content: str, piece: _Piece) -> None:
    if piece.refusal or piece.finish == "content_filter":
        raise AIError("refused", "The model or its filter declined to answer.")
    if len(content) > _LONGEST:
        raise AIError("bad_answer", "The model's answer does not end.")
    if deadline.left() <= 0:
        raise AIError("timeout", "The endpoint did not answer in time.")


def _whole(content: str, finish: str | None) -> tuple[Action, str, list[int], str]:
    if finish == "length":
        raise AIError("cut", "The model's answer was longer than it may be.")
    if not content.strip():
        raise AIError("bad_answer", "The model's answer is empty.")
    try:
        return parse(content)
    except AIError:
        if finish is None:
            raise AIError("cut", "The stream ended before the answer did.") from None
        raise


def _pieces(endpoint: Endpoint, asked: request.Request) -> Generator[_Piece]:
    """The stream, read defensively: a compatible server may send anything."""
    came: list[str] = []
    with failures.as_ai_errors(came), _open(endpoint, asked) as stream:
        for chunk in stream:
            piece = _read(chunk)
            if piece.text:
                came.append("text")
            yield piece


def _open(endpoint: Endpoint, asked: request.Request) -> Stream[ChatCompletionChunk]:
    """Open the stream; what the endpoint says it does not know is left out, and remembered when that helped."""
    import openai
    endpoint_key = (endpoint.base_url, endpoint.model)
    given_up = _refused.get(endpoint_key) or frozenset()
    sent = request.without(asked, given_up)
    while True:
        try:
            stream = client(endpoint).chat.completions.create(**sent, timeout=deadline.left())
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            less = None if failures.is_about_content(error) else request.simpler(sent, str(error).lower())
            if less is None:
                raise
            given_up, sent = given_up | {less[0]}, less[1]
        else:
            if given_up:
                _refused.put(endpoint_key, given_up)
            return cast("Stream[ChatCompletionChunk]", stream)


def _read(chunk: ChatCompletionChunk) -> _Piece:
    choice = chunk.choices[0] if chunk.choices else None
    delta = choice.delta if choice else None
    return _Piece(text=str(delta.content or "") if delta else "",
                  refusal=bool(delta and delta.refusal),
                  finish=choice.finish_reason if choice else None, model=chunk.model,
                  usage=_cost(chunk.usage))


def _cost(usage: CompletionUsage | None) -> tuple[int, int] | None:
    """What a server that counts tells; some send null."""
    counts = (usage.prompt_tokens, usage.completion_tokens) if usage else (None, None)
    return counts if isinstance(counts[0], int) and isinstance(counts[1], int) else None
