"""Every text of the pages exists in Russian, and the compiled catalogue is the one that was translated."""

import re

import pytest
from babel.messages.catalog import Catalog

from scripts import build_texts


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return build_texts.load()


@pytest.fixture(scope="module")
def collected() -> Catalog:
    return build_texts.collect()


def ids(catalogue: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, str(message.id)) for message in catalogue if message.id}


def forms(wording: object) -> list[str]:
    return [str(form) for form in wording] if isinstance(wording, (list, tuple)) else [str(wording)]


def test_it_has_russian_words_for_every_text_of_the_program(catalogue: Catalog, collected: Catalog) -> None:
    assert ids(collected) - ids(catalogue) == set(), "run python -m scripts.build_texts"
    assert build_texts.missing(catalogue) == []


def test_it_keeps_no_text_that_nothing_uses(catalogue: Catalog, collected: Catalog) -> None:
    assert ids(catalogue) - ids(collected) == set(), "run python -m scripts.build_texts"


def test_it_collects_texts_of_templates_and_of_python(collected: Catalog) -> None:
    texts = {text for _, text in ids(collected)}
    assert "Take over" in texts                     # a template
    assert "Inbox" in texts                         # hub/pages/nav.py


def test_it_fills_the_same_places_in_both_languages(catalogue: Catalog) -> None:
    place = re.compile(r"%\([a-z_]+\)s")
    for message in catalogue:
        if not message.id:
            continue
        wanted = set(place.findall(forms(message.id)[-1]))
        for form in forms(message.string):
            assert set(place.findall(form)) == wanted, message.id


def test_it_gives_three_forms_where_russian_counts(catalogue: Catalog) -> None:
    counted = [message for message in catalogue if message.pluralizable]
    assert counted
    assert all(len(forms(message.string)) == 3 for message in counted)


def test_it_leaves_no_english_word_order_behind(catalogue: Catalog) -> None:
    """A Russian wording without one Cyrillic letter was forgotten; names of things are the exception."""
    same = {str(message.id) for message in catalogue if message.id
            and not re.search("[а-яё]", " ".join(forms(message.string)), re.I)}
    assert same <= {"API"}


def test_it_ships_the_compiled_form_of_what_was_translated(catalogue: Catalog) -> None:
    assert build_texts.MO.read_bytes() == build_texts.mo_bytes(catalogue), "run python -m scripts.build_texts"
