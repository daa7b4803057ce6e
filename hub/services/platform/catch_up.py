"""While a release is rolled out, the one before still writes: what its rows lack is filled in here, a little later."""

from hub.models.conversations.conversation import Conversation, FloorReason, PausedBy

_AT_ONCE = 500


def catch_up() -> int:
    """Complete such rows, so many of each kind at most; how many there were. The sweeper calls it."""
    return _floors()


def _floors() -> int:
    """Why the floor moved: the release before writes code or words into one column."""
    moved = list(Conversation.select(Conversation.id, Conversation.floor_reason)
                 .where(Conversation.moved_elsewhere()).limit(_AT_ONCE).tuples())
    for number, words in moved:
        code = words if words in ("", *FloorReason) else FloorReason.ASKED_FOR_PERSON
        (Conversation.update(floor_code=code, floor_note="" if words == code else words,
                             paused_by=PausedBy.HUMAN if code == FloorReason.PAUSED else None)
         .where(Conversation.id == number, Conversation.floor_reason == words).execute())
    return len(moved)
