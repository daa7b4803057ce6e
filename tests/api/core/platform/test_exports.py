"""Asking for an export."""

from hub.models.accounts.user import User
from tests.api.test_exported import fetched, made
from tests.client import Client
from tests.factories import People


def test_the_note_is_in_the_readers_language(alice: Client, people: People) -> None:
    User.update(locale="ru").where(User.id == people.alice.id).execute()
    assert "Паролей, ключей" in fetched(alice, made(alice, "/api/tenant/export")).read("README.txt").decode()
