"""What pydantic found wrong, as one refusal: the first wrong field, and a sentence about it."""

from pydantic import ValidationError

from hub.errors import BadInput


def first(error: ValidationError) -> tuple[str, str, str]:
    """(field, sentence, kind of error) of the first error; a field inside others is dotted."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in found["loc"])
    return field, f"{field}: {found['msg']}" if field else found["msg"], found["type"]


def refusal(error: ValidationError) -> BadInput:
    """BadInput with `details`: field, issue."""
    field, sentence, kind = first(error)
    return BadInput("VALIDATION_ERROR", sentence, {"field": field, "issue": kind})
