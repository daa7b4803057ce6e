"""Text that is made to be slow to read costs no more than its length."""

import time

import pytest

from hub.ai import chunk, guard, markdown, offline, stems, utterance
from hub.ai.embed import HashEmbedder

SIZE = 40_000
HOSTILE = {piece: (piece * SIZE)[:SIZE] for piece in (
    "a", "1", " ", "\n", "[", "]", "![", "](", "`", "*", "**a ", "__a ", "<", "<a ", "<!--", "|", "|-", "-", "- ", "#",
    "# ", "a.", "a@", "a-", "1 ", "1.", "1,000 ", "\n\n# a", "```\n", "хочу мне ", "позовите ", "talk to a ",
    "спасибо ", "а-", "1-", ". A", "://", "sk-", "eyJ", "\t", "|---|\n", "| a |\n|---|\n")}


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_in_time(piece: str) -> None:
    text = HOSTILE[piece]
    began = time.thread_time()
    guard.problems(text, [text])
    guard.clean(text)
    markdown.statements(text)
    chunk.chunks(f"# {text}\n{text}", "t")
    stems.term_weights(text)
    utterance.wants_person(text), utterance.small_talk(text), utterance.intent(text), utterance.language(text)
    HashEmbedder().embed([text[:2_000]])
    assert time.thread_time() - began < 2.0


def test_a_question_of_any_length_can_be_answered_offline() -> None:
    began = time.thread_time()
    offline.answer("доставка " * 20_000, [offline.Passage("t", "Доставка за 3 дня. " * 50, 0.9, 1.5)] * 5, "ru")
    assert time.thread_time() - began < 2.0
