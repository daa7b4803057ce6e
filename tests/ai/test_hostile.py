"""Text that is made to be slow to read costs no more than its length."""

import time
from contextlib import suppress

import pytest

from hub.ai import chunk, guard, markdown, offline, stems, utterance
from hub.ai.embed import HashEmbedder
from hub.errors import HubError
from hub.lib import (
    document_text,
    domains,
    hours,
    links,
    mailbox,
    masking,
    phone,
    proxy_text,
    text,
    user_agent,
)
from hub.services.channels import site_page

SIZE = 40_000
MOST_S = 6.0        # of a processor; a pattern that goes back and forth takes far more
HOSTILE = {piece: (piece * SIZE)[:SIZE] for piece in (
    "a", "1", " ", "\n", "[", "]", "![", "](", "`", "*", "**a ", "__a ", "<", "<a ", "<!--", "|", "|-", "-", "- ", "#",
    "# ", "a.", "a@", "a-", "1 ", "1.", "1,000 ", "\n\n# a", "```\n", "хочу мне ", "позовите ", "talk to a ",
    "спасибо ", "а-", "1-", ". A", "://", "sk-", "eyJ", "\t", "|---|\n", "| a |\n|---|\n")}


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_in_time(piece: str) -> None:
    said = HOSTILE[piece]
    began = time.thread_time()
    guard.problems(said, [said])
    guard.clean(said)
    markdown.statements(said)
    chunk.chunks(f"# {said}\n{said}", "t")
    stems.term_weights(said)
    utterance.wants_person(said), utterance.small_talk(said), utterance.intent(said), utterance.language(said)
    HashEmbedder().embed([said[:2_000]])
    assert time.thread_time() - began < MOST_S


def test_a_question_of_any_length_can_be_answered_offline() -> None:
    began = time.thread_time()
    offline.answer("доставка " * 20_000, [offline.Passage("t", "Доставка за 3 дня. " * 50, 0.9, 1.5)] * 5, "ru")
    assert time.thread_time() - began < MOST_S


@pytest.mark.parametrize("piece", ["a", "1", " ", "\n", "a.", "a@b.", "@", ":", "://", "://a:", "9-", "9:00-", "(", "<",
                                   "Mozilla/5.0 (", "<script ", "</", '="', "\u0301", "\u200b"])
def test_nothing_that_reads_what_people_type_takes_longer_than_it_is_long(piece: str) -> None:
    """Of processor time; a pattern that goes back and forth would take hours."""
    typed = (piece * SIZE)[:SIZE]
    began = time.thread_time()
    for read in (text.clean, text.fold, text.one_line, text.initials, mailbox.typed, hours.spans, domains.rule,
                 user_agent.words, phone.digits, phone.looked_for, document_text.readable, masking._text,
                 proxy_text.parsed, lambda typed: list(links.split(typed)),
                 lambda typed: site_page.read("https://shop.example/", typed, [typed])):
        with suppress(ValueError, HubError):
            read(typed)
    assert time.thread_time() - began < MOST_S
