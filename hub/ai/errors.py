"""The errors of the AI room: each says what went wrong in one sentence, without a key or a provider's words."""

from typing import Literal

Kind = Literal["auth", "quota", "rate_limit", "timeout", "unavailable", "bad_answer", "refused", "cut"]


class AIError(Exception):
    """A model did not give an answer that may be used.

    `kind`: `auth` (the key is refused), `quota` (the key is dead until paid), `rate_limit` (wait `retry_after`
    seconds), `timeout` (the deadline passed), `unavailable` (not reached, 5xx, request not understood), `bad_answer`
    (not what was asked for), `refused` (the model or its filter declined), `cut` (the answer ended before its end).
    `endpoint`: which one failed, by its position in the list that was given (0 is the first).
    `earlier`: the failures of the other endpoints that were tried before the verdict.
    """

    def __init__(self, kind: Kind, message: str, retry_after: float | None = None) -> None:
        self.kind: Kind = kind
        self.message, self.retry_after = message, retry_after
        self.endpoint = 0
        self.earlier: tuple[AIError, ...] = ()
        super().__init__(message)


class ExtractError(Exception):
    """A file that gives no text. `code` is for programs, the text is a sentence for the person who uploaded it."""

    def __init__(self, code: str, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


class StoreError(Exception):
    """The vector store did not do what it was asked; search goes on by words."""
