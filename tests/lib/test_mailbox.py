"""Addresses that a letter can be written to, and those that none reaches."""

import pytest

from hub.lib import mailbox


@pytest.mark.parametrize(("said", "stored", "sent"), [
    (" Vera@Shop.Example ", "vera@shop.example", "vera@shop.example"),
    ("vera+chat@shop.example", "vera+chat@shop.example", "vera+chat@shop.example"),
    ("info@пример.рф", "info@пример.рф", "info@xn--e1afmkfd.xn--p1ai")])
def test_a_good_address_is_stored_as_typed_and_sent_in_ascii(said: str, stored: str, sent: str) -> None:
    assert mailbox.typed(said) == stored
    assert mailbox.on_the_wire(stored).addr_spec == sent


@pytest.mark.parametrize("said", [
    "", "vera", "@shop.example", "vera@", "a b@shop.example", "a@b@c.example", "a..b@shop.example", "a,b@shop.example",
    'a"b@shop.example', "a(b)@shop.example", "<a@shop.example>", "вера@shop.example", "a@shop..example", "a@-",
    "a@shop.example\r\nBcc: b@shop.example", "a@" + "x" * 300, "\u202ea@shop.example."])
def test_what_no_letter_reaches_is_no_address(said: str) -> None:
    with pytest.raises(ValueError):
        mailbox.typed(said)


def test_a_sender_may_have_a_name() -> None:
    assert str(mailbox.sender("Пекарня <hello@bakery.example>")) == "Пекарня <hello@bakery.example>"
    assert str(mailbox.sender("hello@bakery.example")) == "hello@bakery.example"
    for wrong in ("Пекарня", "", "a <b>", "Пекарня <hello@bakery..example>"):
        with pytest.raises(ValueError):
            mailbox.sender(wrong)
