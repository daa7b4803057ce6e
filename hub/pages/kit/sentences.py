"""What is wrong with a value, in plain words of the person's language."""


from flask_babel import gettext, ngettext
from pydantic_core import ErrorDetails

from hub.errors import HubError
from hub.lib import text
from hub.lib.fields import Wrong
from hub.lib.json_types import JsonObject


def of_field(error: ErrorDetails) -> str:
    """A sentence for one entry of pydantic's ValidationError.errors()."""
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "missing" or given in ([], None) or (isinstance(given, str) and text.is_blank(given)):
        return gettext("Fill this in.")
    if kind == "value_error" and isinstance(context.get("error"), Wrong):
        wrong = context["error"]
        return str(gettext(wrong.sentence, **wrong.values))
    # Where text is trimmed before it is measured, pydantic's errors are about values instead of strings.
    return _known(f"string_{kind}" if isinstance(given, str) and kind.startswith("too_") else kind, context)


def _known(kind: str, context: JsonObject) -> str:
    if kind == "string_too_long":
        most = context["max_length"]
        return str(ngettext("At most %(num)s character fits here.", "At most %(num)s characters fit here.", most))
    if kind == "string_too_short":
        least = context["min_length"]
        return str(ngettext("Write at least %(num)s character.", "Write at least %(num)s characters.", least))
    if kind == "too_long":
        most = context["max_length"]
        return str(ngettext("At most %(num)s entry fits here.", "At most %(num)s entries fit here.", most))
    if kind in ("greater_than_equal", "greater_than"):
        return gettext("The smallest number here is %(number)s.", number=context.get("ge", context.get("gt")))
    if kind in ("less_than_equal", "less_than"):
        return gettext("The largest number here is %(number)s.", number=context.get("le", context.get("lt")))
    if kind.startswith(("int_", "float_", "decimal_")):
        return gettext("Write a number.")
    if kind in ("literal_error", "enum"):
        return gettext("Choose one of what is offered.")
    return gettext("This does not look right.")


def of_error(error: HubError) -> str:
    """A service's refusal; its English sentence is its key in the catalogue."""
    return str(gettext(error.message))
