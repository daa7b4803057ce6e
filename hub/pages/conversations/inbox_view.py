"""What the inbox's templates show: rows, one conversation, its lines, and the reasons behind an AI answer."""

import zlib
from uuid import UUID

from flask import request
from peewee import Expression, fn

from hub.access.callers import UserCaller
from hub.lib import cursor, ids, text
from hub.lib.json_types import JsonObject
from hub.models import paging
from hub.models.conversations import line_search
from hub.models.conversations.conversation import Conversation
from hub.models.customers.customer import Customer
from hub.models.accounts.user import User
from hub.models.conversations.message import Message
from hub.models.conversations.message_enums import MessageRole
from hub.models.conversations.turn import Turn

_ROWS = 40
_MOST_ROWS = 200        # a refresh keeps as many rows as were shown, up to this
_LINES = 100
_CHANGED = 300          # lines that one refresh brings at most
_COUNTED = 100          # badges say "99+": counting further costs and tells nothing
_COLORS = 8
FILTERS = ("open", "mine", "waiting", "resolved", "all")


class TooMuch(Exception):
    """More changed than one refresh brings: the page is better loaded anew."""


def listing(caller: UserCaller, selected: Conversation | None = None) -> JsonObject:
    """Rows of the chosen filter, the key of the next page, and the badges."""
    chosen = request.args.get("filter", "open")
    chosen = chosen if chosen in FILTERS else "open"
    search, after = text.one_line(request.args.get("q", ""), 100), request.args.get("after")
    shown = request.args.get("count", "")
    limit = max(_ROWS, min(int(shown[:4]), _MOST_ROWS)) if shown.isdecimal() else _ROWS
    query = Conversation.with_people(caller.tenant).where(_filter(caller, chosen))
    wanted = line_search.search(caller.tenant.id, search)
    query = query if wanted is None else query.where(wanted)
    found, following = paging.behind(query, Conversation.by_urgency(), after, limit)
    picked = str(selected.uuid) if selected is not None else request.args.get("selected")
    return {"rows": [row(caller, item, str(item.uuid) == picked) for item in found], "filter": chosen, "q": search,
            "next_after": following, "counts": counts(caller),
            "selected": picked}


def _filter(caller: UserCaller, chosen: str) -> Expression:
    is_open = Conversation.is_open == 1
    return {"open": is_open, "mine": is_open & (Conversation.floor_user == caller.user),
            "waiting": is_open & (Conversation.floor == "nobody"), "resolved": Conversation.is_open == 0,
            "all": Conversation.tenant == caller.tenant,
            "unread": is_open & (Conversation.has_unread == 1)}[chosen]


def counts(caller: UserCaller) -> dict[str, int]:
    """How many are open, mine and waiting, up to 100."""
    def count(chosen: str) -> int:
        some = Conversation.select(Conversation.id).where(Conversation.tenant == caller.tenant, _filter(caller, chosen))
        counted = some.limit(_COUNTED).alias("some")
        return int(Conversation.select(fn.COUNT(counted.c.id)).from_(counted).scalar())
    return {chosen: count(chosen) for chosen in ("open", "mine", "waiting", "unread")}


def row(caller: UserCaller, conversation: Conversation, is_selected: bool) -> JsonObject:
    return {"uuid": str(conversation.uuid), "customer": person(conversation.customer),
            "channel_kind": conversation.channel.kind, "preview": conversation.last_text,
            "preview_role": conversation.last_role, "at": conversation.last_message_at, "unread": conversation.unread,
            "status": conversation.status, "floor": conversation.floor,
            **_holder(conversation),
            "floor_is_me": conversation.floor == "operator" and conversation.floor_user_id == caller.user.id,
            "handoff": conversation.handoff, "is_selected": is_selected}


def _holder(conversation: Conversation) -> JsonObject:
    """The colleague who has the floor."""
    user = conversation.floor_user
    return {"floor_name": user.name if user else None, "floor_picture": user.picture if user else None}


def person(customer: Customer) -> JsonObject:
    """Name, initials and a colour that stays the same for the same person."""
    return {"uuid": str(customer.uuid), "name": customer.name or None, "number": customer.number,
            "initials": text.initials(customer.name) if customer.name else "",
            "color_index": zlib.crc32(str(customer.uuid).encode()) % _COLORS}


def whole(caller: UserCaller, conversation: Conversation) -> Conversation:
    """The row with its people loaded."""
    return Conversation.with_people(caller.tenant).where(Conversation.id == conversation.id).get()


def opened(caller: UserCaller, conversation: Conversation, turn: str | None = None) -> JsonObject:
    """Everything the conversation's pane shows, with the reasons of that turn or of the latest one."""
    turns = Turn.select(Turn, Message).join(Message, on=Turn.question).where(Turn.conversation == conversation)
    asked = turns.where(Turn.uuid == ids.parse(turn)).first() if ids.parse(turn) else None
    shown = asked or turns.order_by(Turn.id.desc()).first()
    return {**lines(caller, conversation, None, before()), "why": why(shown) if shown is not None else None,
            "why_is_open": asked is not None, "client_id": str(ids.uuid7())}


def before() -> float | None:
    """The position whose earlier lines are asked for, by `?before=`."""
    key = request.args.get("before")
    return float(cursor.decode(key, float)[0]) if key else None


def lines(caller: UserCaller, conversation: Conversation, since: int | None,
          older_than: float | None = None) -> JsonObject:
    """What changed after `since`, or the newest lines before `older_than` with the cursor of still earlier ones; the
    suggestion. `change` is how far the page has come with this: it is read before the lines, so that a line that comes
    in between is asked for again and not passed over."""
    fresh = whole(caller, conversation)
    found, earlier = _changed(fresh, since) if since is not None else _history(fresh, older_than)
    turn = Turn.suggestion(conversation)
    pictures = _pictures(found)
    return {"messages": [line(item, pictures.get(item.user_id)) for item in found],
            "conversation": _conversation(caller, fresh), "change": fresh.change, "earlier": earlier,
            "is_past": older_than is not None,
            "suggestion": None if turn is None else {"turn_uuid": str(turn.uuid), "text": turn.text,
                                                     "reason": turn.block_reason or turn.reason}}


def _changed(conversation: Conversation, since: int) -> tuple[list[Message], None]:
    found = Message.since(conversation, since, _CHANGED + 1)
    if len(found) > _CHANGED:
        raise TooMuch
    return found, None


def _history(conversation: Conversation, older_than: float | None) -> tuple[list[Message], str | None]:
    found = Message.history(conversation, older_than, _LINES + 1)
    if len(found) <= _LINES:
        return found, None
    return found[1:], cursor.encode([found[1].position])


def _pictures(lines: list[Message]) -> dict[int, UUID]:
    """{person's number: picture} of the colleagues who wrote these."""
    wrote = {line.user_id for line in lines if line.role == MessageRole.OPERATOR and line.user_id}
    with_one = User.select(User.id, User.picture).where(User.id.in_(wrote), User.picture.is_null(False))
    return dict(with_one.tuples()) if wrote else {}


def line(message: Message, picture: UUID | None = None) -> JsonObject:
    return {"uuid": str(message.uuid), "change": message.change, "role": message.role, "name": message.name,
            "picture": picture,
            "text": message.text, "at": message.created_at if message.late_position is None else message.said_at,
            "came_late_at": None if message.late_position is None else message.created_at, "position": message.position,
            "status": message.status, "event": message.event,
            "sources": message.sources, "confidence": message.confidence, "turn_uuid": message.turn_uuid,
            "is_suggestion": False}


def _conversation(caller: UserCaller, conversation: Conversation) -> JsonObject:
    customer, page = conversation.customer, conversation.customer.page or {}
    return {"uuid": str(conversation.uuid), "number": conversation.number, "channel_name": conversation.channel.name,
            "channel_kind": conversation.channel.kind, "status": conversation.status, "floor": conversation.floor,
            **_holder(conversation),
            "floor_is_me": conversation.floor == "operator" and conversation.floor_user_id == caller.user.id,
            "handoff": conversation.handoff, "handoff_reason": conversation.floor_code,
            "handoff_note": conversation.floor_note,
            "is_open": bool(conversation.is_open),
            "customer": {**person(customer), "email": customer.email, "phone": customer.phone, "tags": customer.tags,
                         "page_url": page.get("url"), "page_title": page.get("title"), "language": customer.language,
                         "first_seen": customer.created_at, "location": None}}


def why(turn: Turn) -> JsonObject:
    """The ledger row, as "why?" shows it."""
    confidence = turn.confidence or {}
    return {"turn_uuid": str(turn.uuid), "verdict": turn.state, "reason": turn.reason,
            "block_reason": turn.block_reason, "intent": turn.intent, "error": turn.error,
            "confidence": {"total": confidence.get("total"), "similarity": confidence.get("similarity"),
                           "intent": confidence.get("intent"), "self_check": confidence.get("selfCheck")},
            "penalties": turn.penalties, "sources": sorted(turn.sources, key=lambda one: not one["used"]),
            "model": turn.model, "tokens_in": turn.tokens_in, "tokens_out": turn.tokens_out, "cost": turn.cost,
            "model_ms": turn.model_ms, "total_ms": turn.total_ms,
            "floor_version": turn.floor_version, "question": turn.question.text, "at": turn.created_at,
            "text": turn.text}


