"""The fake OpenAI API: chat completions, embeddings and models under /openai/v1, with the API's own errors.

Shapes and error texts follow https://platform.openai.com/docs/api-reference (chat, embeddings, models) and
https://platform.openai.com/docs/guides/error-codes; what the model says is in `openai_chat`.
"""
from __future__ import annotations

import re
from typing import Any

from tests.fakes import openai_chat, openai_vectors
from tests.fakes.modes import Mode, WrongControl
from tests.fakes.provider import Take
from tests.fakes.wire import Reply, Request, json_reply

MODELS = ("gpt-4o-mini", "gpt-4.1-mini", "text-embedding-3-small", "text-embedding-3-large")

# mode -> (HTTP status, message, type, param, code)
ERRORS: dict[str, tuple[int, str, str, str | None, str | None]] = {
    "400": (400, "Invalid value for 'messages'.", "invalid_request_error", "messages", "invalid_value"),
    "401": (401, "Incorrect API key provided: ***{key}.", "invalid_request_error", None, "invalid_api_key"),
    "403": (403, "Country, region, or territory not supported", "request_forbidden", None,
            "unsupported_country_region_territory"),
    "404": (404, "The model does not exist or you do not have access to it.", "invalid_request_error", None,
            "model_not_found"),
    "429": (429, "Rate limit reached for requests. Please try again later.", "requests", None,
            "rate_limit_exceeded"),
    "quota": (429, "You exceeded your current quota, please check your plan and billing details.",
              "insufficient_quota", None, "insufficient_quota"),
    "500": (500, "The server had an error while processing your request.", "server_error", None, None),
    "503": (503, "The engine is currently overloaded, please try again later.", "server_error", None, None),
}


class OpenAI:
    """The provider `openai`; its key is the bearer token."""

    name = "openai"
    modes = {
        "quota": "429 insufficient_quota: the key is dead until paid",
        "error_200": "HTTP 200 whose body (or stream) carries an error object",
        "no_response_format": "400 when response_format json_schema is sent, ok otherwise",
        **openai_chat.MODES,
    }
    is_secret = True

    def __init__(self) -> None:
        self._count = 0

    def key(self, request: Request) -> str:
        return request.headers.get("authorization", "").removeprefix("Bearer ").strip()

    def option(self, key: str, name: str, value: Any) -> None:
        raise WrongControl(f"openai has no option {name!r}")

    def error(self, request: Request, mode: Mode) -> Reply:
        """The API's error for a status or `quota`. Only what means "wait" carries Retry-After."""
        status, message, kind, param, code = ERRORS.get(mode.name) or _plain(mode.name)
        reply = _error(status, message.format(key=self.key(request)[-4:]), kind, param, code)
        if mode.name in ("429", "503"):
            reply.headers["Retry-After"] = f"{mode.retry_after_s:g}"
        return reply

    def answer(self, request: Request, mode: Mode, take: Take) -> Reply:
        if not self.key(request):
            return _error(401, "You didn't provide an API key.", "invalid_request_error", None, None)
        if mode.name == "quota":
            return self.error(request, mode)
        match request.method, request.path.removeprefix("/openai/v1"):
            case "POST", "/chat/completions":
                return self._chat(request, mode, take)
            case "POST", "/embeddings":
                return _embeddings(request.body)
            case "GET", "/models":
                return json_reply({"object": "list", "data": [_model(name) for name in MODELS]})
            case "GET", path if path.startswith("/models/"):
                return _one_model(path.removeprefix("/models/"))
            case method, path:
                return _error(404, f"Invalid URL ({method} /v1{path})", "invalid_request_error", None, None)

    def _chat(self, request: Request, mode: Mode, take: Take) -> Reply:
        body = request.body
        if wrong := chat_mistake(body, mode.name):
            return _error(400, wrong[0], "invalid_request_error", wrong[1], None)
        queued = take()
        if queued and queued.status:
            return json_reply(queued.value, queued.status)
        if mode.name == "error_200" and not body.get("stream"):
            return json_reply(_error_body(*ERRORS["500"][1:]))
        self._count += 1
        completion = openai_chat.completion(self._count, body, mode.name, queued)
        if not body.get("stream"):
            return _accepted(json_reply(completion), completion)
        pieces = openai_chat.chunks(completion, bool((body.get("stream_options") or {}).get("include_usage")))
        return _accepted(_stream(pieces, mode.name), completion)


def _accepted(reply: Reply, completion: dict[str, Any]) -> Reply:
    reply.answered, reply.is_accepted = completion, True
    return reply


def _stream(pieces: list[bytes], mode: str) -> Reply:
    """An event stream; `end_stream` ends it in good order but too early, `error_200` with an error event."""
    if mode in ("end_stream", "error_200"):
        pieces = pieces[: len(pieces) // 2]
    if mode == "error_200":
        pieces.append(openai_chat.event(_error_body(*ERRORS["500"][1:])))
    return Reply(headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"},
                 pieces=pieces)


def chat_mistake(body: Any, mode: str = "ok") -> tuple[str, str | None] | None:
    """What the real API refuses in a chat request: (message, param), or None."""
    if not isinstance(body, dict) or not body.get("model"):
        return "you must provide a model parameter", None
    if not isinstance(body.get("messages"), list) or not body["messages"]:
        return "Invalid 'messages': empty array. Expected an array with minimum length 1.", "messages"
    form = body.get("response_format") or {"type": "text"}
    if form.get("type") == "json_object" and "json" not in openai_chat.prompt_text(body).lower():
        return ("'messages' must contain the word 'json' in some form, "
                "to use 'response_format' of type 'json_object'."), "messages"
    return _schema_mistake(form, mode) if form.get("type") == "json_schema" else None


def _schema_mistake(form: dict[str, Any], mode: str) -> tuple[str, str] | None:
    if mode == "no_response_format":
        unknown = "'response_format' of type 'json_schema' is not supported with this model."
        return f"Invalid parameter: {unknown}", "response_format"
    told = form.get("json_schema") or {}
    if not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", told.get("name") or ""):
        name = "response_format.json_schema.name"
        return f"Missing or invalid parameter: '{name}'.", name
    if told.get("strict") and (loose := _loose(told.get("schema") or {}, ())):
        return f"Invalid schema for response_format '{told['name']}': {loose}", "response_format"
    return None


def _loose(schema: dict[str, Any], at: tuple[str, ...]) -> str | None:
    """Strict mode wants every object closed and every property required (guide "Structured outputs")."""
    fields = schema.get("properties", {})
    if schema.get("type") == "object" and schema.get("additionalProperties") is not False:
        return f"In context={at}, 'additionalProperties' is required to be supplied and to be false."
    if missing := sorted(set(fields) - set(schema.get("required", []))):
        return f"In context={at}, 'required' must include every key in properties. Missing '{missing[0]}'."
    inner = {**fields, **schema.get("$defs", {})} | ({"items": schema["items"]} if "items" in schema else {})
    return next(filter(None, (_loose(part, (*at, name)) for name, part in inner.items())), None)


def _embeddings(body: Any) -> Reply:
    try:
        answer = openai_vectors.embeddings(body)
    except ValueError as error:
        return _error(400, str(error), "invalid_request_error", "input", None)
    reply = json_reply(answer)
    reply.is_accepted = True
    reply.answered = {"vectors": len(answer["data"]), "usage": answer["usage"]}
    return reply


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1715367049, "owned_by": "system"}


def _one_model(name: str) -> Reply:
    if name in MODELS:
        return json_reply(_model(name))
    unknown = f"The model '{name}' does not exist"
    return _error(404, unknown, "invalid_request_error", "model", "model_not_found")


def _plain(status: str) -> tuple[int, str, str, None, None]:
    kind = "server_error" if status >= "500" else "invalid_request_error"
    return int(status), f"The request failed with status {status}.", kind, None, None


def _error_body(message: str, kind: str, param: str | None, code: str | None) -> dict[str, Any]:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _error(status: int, message: str, kind: str, param: str | None, code: str | None) -> Reply:
    return json_reply(_error_body(message, kind, param, code), status)
