"""What the API description says beside the tables: the introduction, and the meaning of parameters by their names."""

INTRODUCTION = """Parley's own interface: everything that its pages and its widget do, a program can do.

**Signing in.** A program sends `POST /api/auth/login` with e-mail and password and uses the access token it gets as
`Authorization: Bearer …`; it lives 15 minutes, `POST /api/auth/refresh` gives the next one. A browser signs in with
`POST /auth/login` and keeps a cookie. Below `/chat/api` a program sends a key of the business as `X-API-Key: …`, one
of the platform with `X-Tenant-ID` as well. Your own programs beside the hub send `X-Admin-Token` below `/admin` and
`X-Auth-Token` below `/internal`: tokens of the environment. The widget's visitors have tokens of their own:
`POST /widget/session`.

**Errors** have a code for programs, a sentence for people and, where it helps, details:
`{"error": {"code": "VALIDATION_ERROR", "message": "name: …", "details": {"field": "name", "issue": "missing"}}}`.
Below `/chat/api` they are the status in words and a sentence, `{"error": "Not Found", "message": "…"}`; below `/admin`
and `/internal` a code alone, `{"ok": false, "error": "unauthorized"}`.

**Lists** are cut into pages; the operation says which parameters ask for the next one.

**Repeating a write** is harmless with an `Idempotency-Key` of your own: for a day the first answer comes again
(410 when somebody it tells of was erased since).

**Limits** are told in `X-RateLimit-Limit`, `-Remaining` and `-Reset`; beyond them the answer is 429 with `Retry-After`.
"""

# Parameters of paths and queries by name; a field's own description wins.
PARAMETERS = {
    "knowledge_doc": "The article's id or number.",
    "kind": "The channel's kind, such as `custom`.", "token": "The channel's public token.",
    "search": "Only what holds this text, in any case.", "category": "Only this category.",
    "is_active": "Only what is switched on (or off).", "status": "Only this status.", "agent_id": "Only of this agent.",
    "channel_type": "Only of channels of this kind.", "date_from": "Only since this moment.",
    "date_to": "Only until this moment.", "since": "Only what changed after this change number.",
    "before": "Only what is older than this.", "q": "The question.", "limit": "How many at the most.",
    "site": "The site's public token.", "file": "The file's id.",
    "expires": "Until when the address is good, in seconds since 1970.",
    "signature": "What proves that the hub itself made this address.",
    "channel": "The channel's id or number.",
    "inbound_event": "The event's id.", "task": "The task's id.", "state": "Only what is in this state.",
}
