"""(e) The operators' list of conversations and one conversation, few and many in the database."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from hub.lib import clock
from hub.models import paging
from hub.models.base import connection
from hub.models.conversations.conversation import Conversation
from hub.services.platform import catch_up
from scripts.benchmarks import apart, bulk, business, reading, words
from scripts.benchmarks.business import Business
from scripts.benchmarks.figure import Bar, Figure, Size, ms, percentile
from scripts.benchmarks.world import World

KEY = "e"
_LINES = 4              # of each conversation
_OPENED = 50            # conversations over which the reading of one goes round
_BAR_AT, _GROWTH = 100_000, 1.3


def measure(world: World, size: Size) -> Iterator[Figure]:
    with world.hub() as hub:
        result = business.make(hub.env)
        first: dict[str, float] = {}
        loaded = 0
        for wanted in size.conversations:
            _load(result, loaded, wanted)
            loaded = wanted
            with world.bare(hub.env) as port:
                bare = percentile(apart.run(reading.read, port, (f"/rows/{result.tenant_id}",), "", size.reads), 0.95)
            for what, paths in _pages(result).items():
                took = apart.run(reading.read, hub.port, paths, result.cookie, size.reads)
                p95 = percentile(took, 0.95)
                yield from _figures(world, what, wanted, took, p95, bare, first.setdefault(what, p95))


def _figures(world: World, what: str, wanted: int, took: list[float], p95: float, bare: float,
             first: float) -> Iterator[Figure]:
    judged = wanted == _BAR_AT and not what.startswith("(")
    yield Figure(KEY, f"{what}, {wanted:,} conversations, p95", ms(p95), "ms", Bar(100) if judged else None, ms(bare),
                 "bare Flask route, one SELECT of a page", world.database, f"p50 {ms(percentile(took, 0.5)):.1f} ms")
    if p95 != first:
        yield Figure(KEY, f"{what}: growth since the fewest", p95 / first, "x", Bar(_GROWTH) if judged else None,
                     database=world.database)


def _pages(result: Business) -> dict[str, tuple[str, ...]]:
    """What is read. In parentheses: what no bar asks for, but a person does."""
    with connection():
        query = Conversation.of(result.tenant_id).order_by(Conversation.id.desc())
        some = tuple(str(one.uuid) for one in query.limit(_OPENED))
        after = paging.behind(Conversation.of(result.tenant_id), Conversation.by_urgency(), None, 40)[1]
    filters = tuple(f"/inbox/rows?filter={name}" for name in ("mine", "waiting", "resolved", "all"))
    states = tuple(f"/api/conversations?status={name}" for name in ("active", "waiting_customer", "resolved", "paused"))
    return {"GET /inbox/rows": ("/inbox/rows",), "GET /api/conversations": ("/api/conversations",),
            "one conversation's page": tuple(f"/inbox/{uuid}" for uuid in some),
            "(the list by filter)": (*filters, f"/inbox/rows?filter=all&after={after}"),
            "(the API by status)": states,
            "(search in the list)": tuple(f"/inbox/rows?q={quote(word)}" for word in ("parcel", "посылка")),
            "(search for common words)": tuple(f"/inbox/rows?q={quote(words)}" for words in ("you the", "вы в"))}


def _load(result: Business, have: int, wanted: int) -> None:
    """Customers, conversations and lines in the mixture of a busy inbox: a third open, a tenth unread."""
    with connection():
        bulk.prepare()
        chance = random.Random(have)
        numbers = range(have + 1, wanted + 1)
        moment = clock.now()
        texts = [text for _, _, text in words.passages(200)]
        bulk.insert("customer", _CUSTOMER, (
            (number, bulk.uuid(), moment, result.tenant_id, f"Customer {number}", "[]", "ru", "{}", moment, moment,
             number, f"customer {number}\n")
            for number in numbers))
        bulk.insert("conversation", _CONVERSATION, (_conversation(result, chance, number, texts) for number in numbers))
        bulk.insert("message", _MESSAGE, _messages(result, numbers, texts))
        while catch_up.index_lines():
            pass
        bulk.analyse()


_CUSTOMER = ("id", "uuid", "created_at", "tenant_id", "name", "tags", "language", "page", "last_seen_at",
             "updated_at", "number", "search_text")
_CONVERSATION = ("id", "uuid", "created_at", "tenant_id", "customer_id", "channel_id", "change", "floor",
                 "floor_user_id", "floor_version", "floor_reason", "floor_at", "mode", "is_open", "has_unread",
                 "unread", "customer_unread", "messages_count", "customer_lines", "last_role", "last_text",
                 "last_message_at", "number")
_MESSAGE = ("uuid", "created_at", "tenant_id", "conversation_id", "channel_id", "change", "role", "name", "text",
            "content_type", "attachments", "sources", "status", "number")


def _conversation(result: Business, chance: random.Random, number: int, texts: list[str]) -> tuple[Any, ...]:
    at = clock.now() - timedelta(seconds=chance.randrange(90 * 86_400))
    is_open, unread = chance.random() < 0.33, chance.random() < 0.1
    floor, role = chance.choice((("ai", "assistant"), ("operator", "operator"), ("nobody", "customer")))
    return (number, bulk.uuid(), at, result.tenant_id, number, result.site_id, _LINES, floor,
            result.user_id if floor == "operator" else None, 1, "", at, "auto", int(is_open), int(is_open and unread),
            int(unread), 0, _LINES, _LINES // 2, role, texts[number % len(texts)][:160], at,
            number)


def _messages(result: Business, conversations: Iterable[int], texts: list[str]) -> Iterator[tuple[Any, ...]]:
    moment = clock.now()
    for number in conversations:
        for line in range(1, _LINES + 1):
            role = "customer" if line % 2 else "assistant"
            text = texts[(number + line) % len(texts)]
            yield (bulk.uuid(), moment, result.tenant_id, number, result.site_id, line, role, "", text, "text", "[]",
                   "[]", "sent", line)
