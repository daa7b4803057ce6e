"""What a form needs to know of a model's field beyond its type, said on the model itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:
    """Marks a text for translation where it is not yet known who will read it."""
    return text


class Wrong(ValueError):
    """Why a value is refused: a sentence with %(names)s, so that it can be said in the reader's language."""

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


@dataclass(frozen=True)
class Control:
    """`kind`: text | area | select | radio | checks | switch | color | time | email | password | hidden;
    empty: by the type.

    `options` are the labels of the values of a Literal; `choices` the values that a text may have.
    """

    kind: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    rows: int = 4
    placeholder: str = ""
    autocomplete: str = "off"


@dataclass(frozen=True)
class Section:
    """A part of a settings page: its heading, what it is about, and the names of its fields."""

    title: str
    help: str
    fields: tuple[str, ...]
