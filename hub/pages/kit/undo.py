"""What undoing needs and nobody may read on the way: sealed into the form of the toast, for an hour."""

import time

from hub.errors import BadInput
from hub.models.secret import keys

_HOUR_S = 3600


def seal(about: object, value: str) -> str:
    """`value`, readable by this installation alone; `about` says what it belongs to."""
    return keys().seal(f"{int(time.time())} {value}", f"undo {about}")


def unseal(about: object, sealed: str) -> str:
    """The value again; BadInput when it is too old or of something else."""
    try:
        moment, _, value = keys().unseal(sealed, f"undo {about}").partition(" ")
    except ValueError:              # not sealed by us, or for something else
        moment, value = "0", ""
    if time.time() - int(moment) > _HOUR_S:
        raise BadInput("undo_expired", "This cannot be undone any more.")
    return value
