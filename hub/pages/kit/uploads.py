"""A file that a form brings: done with, or refused in words of the person's language."""

from collections.abc import Callable

from flask import flash
from flask_babel import gettext

from hub.errors import HubError
from hub.lib.fields import N_
from hub.pages.kit import sentences
from hub.web import binding
from hub.web.binding import Upload

_SENTENCES = {"file_missing": N_("Choose a file first."), "empty_file": N_("This file is empty."),
              "FILE_TOO_LARGE": N_("This file is too large.")}


def uploaded(name: str, act: Callable[[Upload], None]) -> bool:
    """act(the file in the form's field `name`); a refusal is shown on the next page."""
    try:
        act(binding.upload(name))
    except HubError as error:
        if error.status not in (400, 413):
            raise
        flash(gettext(_SENTENCES[error.code]) if error.code in _SENTENCES else sentences.of_error(error), "bad")
        return False
    return True
