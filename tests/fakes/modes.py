"""What the fake providers are told to do: modes (how to misbehave) and queued answers (what to say).

A rule belongs to a provider and may be narrowed to one key (an API key, a channel name) and to paths that
contain a string; the narrowest rule wins. Counted rules (`times=2`) are used up in order and then let the
standing one through, so "500 twice, then 429 once, then fine" is two calls of `mode`.
"""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, TypeVar

# Modes every provider knows, in the words of the tests; providers add their own (`Provider.modes`).
COMMON = {
    "ok": "answer as usual",
    "slow": "wait delay_s before the first byte, then ok",
    "hang": "take the request, never answer; ends when the client leaves or after delay_s",
    "hold": "wait for release(provider), then ok",
    "trickle": "headers at once, then one byte of the body every delay_s",
    "slow_stream": "a pause of delay_s between the pieces of a stream",
    "cut_stream": "half of the body or stream, then the socket is closed",
    "drop": "close the socket without an answer; nothing was done",
    "reset": "like drop, with a TCP reset",
    "drop_after_accept": "do the work, record it, close the socket without an answer",
    "malformed": "HTTP 200 with an HTML page of some proxy",
}
STATUSES = (400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503, 504)
DELAYS_S = {"slow": 5.0, "hang": 120.0, "hold": 120.0, "trickle": 1.0, "slow_stream": 0.02}
LONGEST_S = 120.0  # nothing is kept waiting longer than this, whatever the test forgot


class WrongControl(ValueError):
    """The test asked for something that does not exist; said loudly, because a silent typo tests nothing."""


@dataclass
class Mode:
    """One rule. `times` None means until replaced; `delay_s` and `retry_after_s` are seconds."""

    name: str = "ok"
    key: str | None = None
    path: str | None = None
    times: int | None = None
    delay_s: float | None = None
    retry_after_s: float = 1.0

    @property
    def pause_s(self) -> float:
        """The pause of this mode: as told, else its default; bounded."""
        told = DELAYS_S.get(self.name, 0.0) if self.delay_s is None else self.delay_s
        return min(told, LONGEST_S)

    @property
    def status(self) -> int | None:
        """The HTTP status when the mode is one, e.g. "429"."""
        return int(self.name) if self.name.isdigit() else None

    def fits(self, key: str, path: str) -> bool:
        return self.key in (None, key) and (self.path is None or self.path in path)

    def rank(self) -> tuple[bool, bool, bool]:
        """Narrow before wide, counted before standing."""
        return (self.key is None, self.path is None, self.times is None)


@dataclass
class Answer:
    """One queued answer: `value` is read by the provider; with a `status` it is sent as JSON as it is."""

    value: Any
    key: str | None = None
    when: str | None = None
    times: int | None = 1
    status: int | None = None

    def fits(self, key: str, body: Any) -> bool:
        has_it = self.when is None or self.when in json.dumps(body, ensure_ascii=False)
        return self.key in (None, key) and has_it


Rule = TypeVar("Rule", Mode, Answer)


class Script:
    """The modes and answers of one provider. Used by the server's own thread only, so it needs no lock."""

    def __init__(self, known: set[str]) -> None:
        self._known = known | set(COMMON) | {str(status) for status in STATUSES}
        self._modes: list[Mode] = []
        self._answers: list[Answer] = []

    def set_mode(self, mode: Mode) -> None:
        """Add a counted rule; a standing one replaces all rules of its scope. Raises WrongControl."""
        if mode.name not in self._known:
            raise WrongControl(f"no mode {mode.name!r}; there are: {', '.join(sorted(self._known))}")
        if mode.times is None:
            self._modes = [m for m in self._modes if (m.key, m.path) != (mode.key, mode.path)]
        self._modes.append(mode)

    def take_mode(self, key: str, path: str) -> Mode:
        """The rule for this call, counted down."""
        fitting = sorted((m for m in self._modes if m.fits(key, path)), key=Mode.rank)
        if not fitting:
            return Mode()
        self._modes = _used(self._modes, fitting[0])
        return fitting[0]

    def queue(self, answer: Answer) -> None:
        self._answers.append(answer)

    def take_answer(self, key: str, body: Any) -> Answer | None:
        """The oldest queued answer that fits this call, counted down."""
        for answer in self._answers:
            if answer.fits(key, body):
                self._answers = _used(self._answers, answer)
                return answer
        return None


def _used(rules: list[Rule], rule: Rule) -> list[Rule]:
    """The list after one use of the rule: counted down, and gone at zero."""
    if rule.times is not None:
        rule.times -= 1
    return [other for other in rules if other is not rule or other.times != 0]
