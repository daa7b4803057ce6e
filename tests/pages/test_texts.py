"""Every text of the pages exists in Russian, and the program compiles what was translated by itself."""

import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from hub.pages.kit import catalogue as catalogues
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


def read(folder: Path) -> GNUTranslations:
    with (folder / "ru" / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        return GNUTranslations(file)


def test_it_compiles_the_words_once_and_keeps_them(tmp_path: Path) -> None:
    made = catalogues.directory(tmp_path)
    assert made.is_relative_to(tmp_path)
    assert read(made).gettext("Take over") == "Взять диалог"
    written = (made / "ru/LC_MESSAGES/messages.mo").stat().st_mtime_ns
    assert catalogues.directory(tmp_path) == made
    assert (made / "ru/LC_MESSAGES/messages.mo").stat().st_mtime_ns == written


def test_it_compiles_elsewhere_when_the_data_folder_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert read(catalogues.directory(tmp_path / "file")).gettext("Take over") == "Взять диалог"
