"""Forms made from models: what was typed is kept, what is wrong stands beside its field, in the reader's language."""

from typing import Annotated, Any, Literal

import pytest
from flask import render_template_string
from flask_babel import force_locale
from pydantic import BaseModel, Field, field_validator
from werkzeug.datastructures import MultiDict

from hub.errors import Conflict, Forbidden
from hub.lib.fields import Control, N_, Wrong
from hub.pages.kit import Form
from hub.pages.kit.fields import specs


class Words(BaseModel):
    title: Annotated[str, Field(max_length=5)] = ""
    greeting: Annotated[str, Field(max_length=2000)] = "Hello"


class Cake(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=20, title=N_("Name"), description="As people call it.")]
    price: Annotated[int, Field(ge=1, le=100)] = 5
    kind: Literal["round", "square"] = "round"
    fresh: bool = True
    tags: list[str] = []
    words: Words = Words()
    size: float | None = None
    secret: Annotated[str, Control("hidden")] = ""

    @field_validator("tags")
    @classmethod
    def _tags(cls, value: list[str]) -> list[str]:
        if "bad" in value:
            raise Wrong("%(tag)s is no tag.", tag="bad")
        return value


GOOD = {"name": "Medovik", "price": "7", "kind": "square", "fresh": "1", "tags": "one\r\n\r\n two ",
        "words.title": "Hi", "secret": "s"}


@pytest.fixture
def context(web: Any) -> Any:
    with web.test_request_context("/"):
        yield


def sent(**changes: str | None) -> Form[Cake]:
    values = {**GOOD, **{name.replace("__", "."): value for name, value in changes.items()}}
    return Form.sent(Cake, MultiDict({name: value for name, value in values.items() if value is not None}))


def test_what_is_wrong_with_a_hidden_field_is_said_above_the_form(context: Any) -> None:
    form = sent()
    form.fail("secret", "It is used up.")
    assert (form.error, form["secret"].error, form.is_wrong) == ("It is used up.", "", True)
    assert sent(secret="").value is not None


def test_a_good_form_is_the_models_value(context: Any) -> None:
    form = sent()
    assert not form.is_wrong
    assert form.value == Cake(name="Medovik", price=7, kind="square", fresh=True, tags=["one", "two"],
                              words=Words(title="Hi"), secret="s")


def test_a_box_that_is_not_ticked_is_not_sent(context: Any) -> None:
    form = sent(fresh=None)
    assert form.value is not None and form.value.fresh is False


def test_a_field_of_every_type_is_drawn_as_what_it_is() -> None:
    kinds = {spec.name: spec.kind for spec in specs(Cake)}
    assert kinds == {"name": "text", "price": "number", "kind": "select", "fresh": "switch", "tags": "area",
                     "words.title": "text", "words.greeting": "area", "size": "number", "secret": "hidden"}
    assert {spec.name for spec in specs(Cake) if spec.is_required} == {"name"}


@pytest.mark.parametrize(("name", "typed", "said", "russian"), [
    ("name", "", "Fill this in.", "Заполните это поле."),
    ("name", "x" * 21, "At most 20 characters fit here.", "Здесь помещается не больше 20 знаков."),
    ("price", "many", "Write a number.", "Напишите число."),
    ("price", "0", "The smallest number here is 1.", "Наименьшее число здесь: 1."),
    ("price", "101", "The largest number here is 100.", "Наибольшее число здесь: 100."),
    ("kind", "oval", "Choose one of what is offered.", "Выберите из того, что предложено."),
    ("tags", "good\nbad", "bad is no tag.", "bad is no tag."),
    ("words__title", "too long", "At most 5 characters fit here.", "Здесь помещается не больше 5 знаков."),
    ("size", "big", "Write a number.", "Напишите число.")])
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(context: Any, name: str, typed: str, said: str,
                                                                    russian: str) -> None:
    for language, words in (("en", said), ("ru", russian)):
        with force_locale(language):
            form = sent(**{name: typed})
            field = form[name.replace("__", ".")]
            assert (form.value, field.error, field.value) == (None, words, typed)
            assert [one.name for one in form if one.error] == [field.name]
            assert form["name"].value == (typed if name == "name" else "Medovik")


def test_the_first_wrong_field_gets_the_focus_and_is_named_to_listeners(context: Any) -> None:
    form = sent(price="0", kind="oval")
    html = render_template_string('{% from "macros/forms.html" import form_field %}'
                                  '{% for field in form %}{{ form_field(field) }}{% endfor %}', form=form)
    assert html.count("autofocus") == 1
    first = html.split('id="price"')[0].rsplit("<input", 1)[1] + html.split('id="price"')[1].split(">")[0]
    assert "autofocus" in first and 'aria-invalid="true"' in first and 'aria-describedby="price-error"' in first


def test_what_was_typed_is_shown_as_text(context: Any) -> None:
    html = render_template_string('{% from "macros/forms.html" import form_field %}'
                                  '{% for field in form %}{{ form_field(field) }}{% endfor %}',
                                  form=sent(name='"><script>alert(1)</script>', tags="</textarea><script>", price="x"))
    assert "<script" not in html


def test_nul_and_repeated_names_break_nothing(context: Any) -> None:
    form = Form.sent(Cake, MultiDict([("name", "a\x00b"), ("name", "c"), ("tags", "x"), ("tags", "y")]))
    assert form.value is not None and (form.value.name, form.value.tags) == ("ab", ["x", "y"])


def test_a_refusal_of_the_service_stands_beside_the_field_it_names(context: Any) -> None:
    def refuse(_: Cake) -> None:
        raise Conflict("taken", "This name is taken.", {"field": "name"})

    form = sent()
    assert form.save(refuse) is None
    assert form["name"].error == "This name is taken." and form["name"].is_first_wrong

    def refuse_all(_: Cake) -> None:
        raise Conflict("closed", "The shop is closed.")

    form = sent()
    assert form.save(refuse_all) is None and form.error == "The shop is closed."


def test_a_refusal_that_is_no_matter_of_input_is_not_swallowed(context: Any) -> None:
    def refuse(_: Cake) -> None:
        raise Forbidden("no", "No.")

    with pytest.raises(Forbidden):
        sent().save(refuse)


def test_a_form_shows_what_is(context: Any) -> None:
    form = Form.of(Cake, {"name": "Napoleon", "words": {"title": "T"}, "tags": ["a", "b"]})
    assert (form["name"].value, form["words.title"].value, form["price"].value) == ("Napoleon", "T", 5)
    html = render_template_string('{% from "macros/forms.html" import form_field %}{{ form_field(form["tags"]) }}',
                                  form=form)
    assert "a\nb</textarea>" in html
