"""The audit after a fault: what was accepted, stored and answered, and what the model was asked, must agree."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from tests.fakes import FakeClient
from tests.faults.stack import Stack, shown
from tests.faults.traffic import Traffic, Visitor


@dataclass(frozen=True)
class Row:
    """A stored line, as the database has it."""

    conversation: str
    uuid: str
    change: int
    role: str
    text: str
    turn: str | None


def stored(stack: Stack) -> dict[str, list[Row]]:
    """conversation -> its lines in the order of their ids."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in stack.rows("SELECT c.uuid, m.uuid, m.change, m.role, m.text, m.turn_uuid FROM message m "
                          "JOIN conversation c ON c.id = m.conversation_id ORDER BY m.id"):
        found[_plain(row[0])].append(Row(_plain(row[0]), _plain(row[1]), *row[2:]))
    return found


def _plain(uuid: object) -> str:
    return str(uuid).replace("-", "")       # SQLite keeps them without dashes


def owed(stack: Stack, fake: FakeClient) -> dict[str, int]:
    """What is still to be done; all zeros when the hub has nothing left to do."""
    tables = {"answers": "message WHERE answer_at IS NOT NULL",
              "deliveries": "delivery WHERE state IN ('queued', 'sending')"}
    found = {name: int(stack.rows(f"SELECT COUNT(*) FROM {what}")[0][0]) for name, what in tables.items()}
    # An answer that a newer line took over may still be asked for: what came of it must not be sent.
    return {**found, "model": fake.load().get("openai", {"active": 0})["active"]}


def is_answered(stack: Stack, line: str) -> bool:
    """Did a reply follow the stored line with this id?"""
    lines = next(rows for rows in stored(stack).values() if any(row.uuid == _plain(line) for row in rows))
    after = [row.uuid for row in lines].index(_plain(line)) + 1
    return any(row.role == "assistant" for row in lines[after:])


def audit(stack: Stack, traffic: Traffic, fake: FakeClient) -> list[str]:
    """Everything that does not agree; an empty list is what we want."""
    rows = stored(stack)
    asked = [_asked(call.body) for call in fake.calls("openai", path="chat") if call.is_accepted]
    wrong = [fault for visitor in traffic.visitors
             for fault in _one(visitor, rows.get(_plain(visitor.conversation), []), asked)]
    wrong += _counters(stack)
    texts = Counter(row.text for lines in rows.values() for row in lines if row.role == "customer")
    return wrong + [f"{text!r} is stored {count} times" for text, count in texts.items() if count > 1]


def _one(visitor: Visitor, rows: list[Row], asked: list[str]) -> list[str]:
    faults = [*_lines(visitor, rows), *_answers(rows, asked), *_sequence(visitor, rows)]
    told = "".join(f"\n    {row.change:>4} {row.role:<10} {row.text[-40:]}" for row in rows)
    return [f"visitor {visitor.number}: {fault}{told}" for fault in faults]


def _lines(visitor: Visitor, rows: list[Row]) -> list[str]:
    """Accepted = stored, in the order in which they were written, under the ids that were answered."""
    said = [(_plain(line.uuid), line.text) for line in visitor.accepted]
    kept = [(row.uuid, row.text) for row in rows if row.role == "customer"]
    return [] if said == kept else [f"accepted and stored differ: {shown([said, kept])}"]


def _answers(rows: list[Row], asked: list[str]) -> list[str]:
    """Every reply follows a line of the customer, and the model read all that came since the reply before."""
    faults, open_lines = [], list[str]()
    for row in rows:
        if row.role == "customer":
            open_lines.append(row.text)
        elif row.role != "assistant":
            faults.append(f"a {row.role} line: {row.text!r}")
        elif not open_lines:
            faults.append(f"two replies in a row, the second of turn {row.turn}")
        elif not any(all(text in prompt for text in open_lines) for prompt in asked):
            faults.append(f"the model was never asked about all of {open_lines}")
        else:
            open_lines = []
    turns = Counter(row.turn for row in rows if row.role == "assistant")
    faults += [f"turn {turn} has {count} replies" for turn, count in turns.items() if count > 1]
    return faults + ([f"no reply after {open_lines[-1]!r}"] if open_lines else [])


def _asked(body: Any) -> str:
    """The customer's part of a prompt: the last message that is not an answer."""
    said = [message["content"] for message in body["messages"] if message["role"] == "user"]
    return str(said[-1])


def _sequence(visitor: Visitor, rows: list[Row]) -> list[str]:
    """Numbers without a gap or a double, and the widget that catches up from 0 gets exactly these lines."""
    numbers = [row.change for row in rows]
    faults = [] if numbers == list(range(1, len(rows) + 1)) else [f"its numbers are {numbers}"]
    seen = [(_plain(line["id"]), line["change"]) for line in visitor.sees()]
    return faults + ([] if seen == [(row.uuid, row.change) for row in rows] else [f"the widget sees {seen}"])


def _counters(stack: Stack) -> list[str]:
    """What lists show is what there is."""
    return [f"conversation {row[0]}: it says {row[1:4]}, there are {row[4:]} (change, lines, of the customer)"
            for row in stack.rows(
                "SELECT c.id, c.change, c.messages_count, c.customer_lines, MAX(m.change), COUNT(*), "
                "SUM(CASE WHEN m.role = 'customer' THEN 1 ELSE 0 END) "
                "FROM conversation c JOIN message m ON m.conversation_id = c.id "
                "GROUP BY c.id, c.change, c.messages_count, c.customer_lines")
            if row[1:4] != row[4:]]
