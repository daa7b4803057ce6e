"""A form made from the same pydantic model that an API reads: values, and errors beside their fields."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask_babel import gettext
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from hub.errors import HubError
from hub.lib.fields import Section
from hub.lib.json_types import Values
from hub.pages.kit import sentences
from hub.pages.kit.fields import Spec, gathered, shown, specs

Model = TypeVar("Model", bound=BaseModel)
Result = TypeVar("Result")


@dataclass
class Field:
    """One field as a template draws it: what the model says of it, the value that is shown, what is wrong with it."""

    spec: Spec
    value: object
    error: str = ""
    is_first_wrong: bool = False

    @property
    def options(self) -> list[tuple[str, str]]:
        """What may be chosen; what is stored stays choosable although it is offered no more."""
        offered = self.spec.options
        stored = "" if self.spec.is_list else str(self.value)
        return offered if not stored or stored in dict(offered) or self.error else [(stored, stored), *offered]

    @property
    def entries(self) -> list[str]:
        """What a list holds, or several lines."""
        return self.value if isinstance(self.value, list) else str(self.value).splitlines()

    @property
    def shown(self) -> str:
        """The value for reading: the label of a choice, the entries of a list in one line."""
        entries = self.entries
        return dict(self.spec.options).get(str(self.value), ", ".join(entries))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.spec, name)


class Form(Generic[Model]):
    """`Form.of(model, values)` to show, `Form.sent(model, data)` for what came back.

    What was typed is kept as it was typed, so a refused form is shown again with nothing lost (status 422).
    """

    def __init__(self, model: type[Model], values: Values) -> None:
        self.model = model
        self.value: Model | None = None
        self.error = ""                     # of the form as a whole
        # A password is typed anew: no page, and nobody's cache, holds one.
        self.fields = {spec.name: Field(spec, "" if spec.kind == "password" else values.get(spec.name, spec.default))
                       for spec in specs(model)}

    @classmethod
    def of(cls, model: type[Model], source: object = None) -> "Form[Model]":
        """What a row, a model or a mapping says now; without one, the model's defaults."""
        return cls(model, {} if source is None else shown(model, source))

    @classmethod
    def sent(cls, model: type[Model], data: "MultiDict[str, str]") -> "Form[Model]":
        """What a browser sent: checked, with `value` when it is right, otherwise with errors."""
        return cls._checked(model, *gathered(model, data))

    @classmethod
    def typed(cls, model: type[Model], values: Values) -> "Form[Model]":
        """The same of what was kept as it had been typed: texts, and whether boxes were ticked."""
        boxes = {spec.name for spec in specs(model) if spec.kind == "switch"}
        return cls.sent(model, MultiDict({name: "1" if name in boxes else str(value)
                                          for name, value in values.items() if value or name not in boxes}))

    @classmethod
    def _checked(cls, model: type[Model], given: Values, typed: Values) -> "Form[Model]":
        form = cls(model, typed)
        try:
            form.value = model.model_validate(given)
        except ValidationError as error:
            for problem in error.errors(include_url=False):
                form.fail(_name(form.fields, problem["loc"]), sentences.of_field(problem))
        return form

    def __getitem__(self, name: str) -> Field:
        return self.fields[name]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields.values())

    @property
    def sections(self) -> list[tuple[str, str, list[Field]]]:
        """(heading, help, fields) of the parts that the model names in SECTIONS; without them, one part."""
        named: tuple[Section, ...] = getattr(self.model, "SECTIONS", ())
        if not named:
            return [("", "", list(self))]
        return [(gettext(part.title), gettext(part.help), [self.fields[name] for name in part.fields])
                for part in named]

    @property
    def is_wrong(self) -> bool:
        return bool(self.error) or any(field.error for field in self)

    def fail(self, name: str | None, sentence: str) -> None:
        """Put a sentence beside the field `name`, or above the form where nobody sees the field; a field's first one
        stays."""
        field = self.fields.get(_name(self.fields, (name or "",)) or "")
        if field is None or field.kind == "hidden":
            self.error = self.error or sentence
        elif not field.error:
            field.is_first_wrong = not self.is_wrong
            field.error = sentence

    def save(self, act: Callable[[Model], Result]) -> Result | None:
        """act(value) when everything is right; None otherwise. A refusal that names a field stands beside it."""
        if self.value is None:
            return None
        try:
            return act(self.value)
        except HubError as error:
            if error.status not in (400, 409, 422, 423):
                raise
            self.fail(error.details.get("field"), sentences.of_error(error))
            return None


def _name(fields: Mapping[str, Field], loc: tuple[int | str, ...]) -> str | None:
    """The field that an error is about: an entry of a list stands in the list's own field. Errors speak of aliases."""
    names = {alias: name for name, field in fields.items() for alias in (field.spec.alias, name)}
    words = [str(part) for part in loc]
    return next((names[word] for size in range(len(words), 0, -1) if (word := ".".join(words[:size])) in names), None)
