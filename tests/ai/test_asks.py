"""Words of asking and what they stand for."""

import pytest

from hub.ai import asks, stems


@pytest.mark.parametrize(("question", "word"), [
    ("Где ваши магазины?", "адрес"), ("where are you", "address"), ("сколько это стоит", "стоимость"),
    ("How much is the tent?", "price"), ("Когда вернут деньги?", "срок"), ("how long does it take", "days")])
def test_asking_implies_a_word_of_the_answer(question: str, word: str) -> None:
    assert stems.stems(word)[0] in asks.hints(question) or stems.stems(word)[0] in stems.stems(question)


@pytest.mark.parametrize("question", ["Гарантия на палатки", "I want to return a jacket", ""])
def test_other_questions_imply_nothing(question: str) -> None:
    assert asks.hints(question) == []


def test_a_word_that_was_written_is_no_hint() -> None:
    assert stems.stems("адрес")[0] not in asks.hints("где адрес магазина")
