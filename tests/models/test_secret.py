"""Secrets on rows: encrypted in the database, silent when printed, re-encrypted under another key."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from hub.errors import Unavailable
from hub.lib import keyring
from hub.models import ALL, base, secret
from hub.models.channels.channel import Channel
from hub.models.platform.integration_secret import IntegrationSecret
from hub.models.platform.proxy import Proxy
from hub.models.secret import Secret
from hub.settings import Settings
from scripts.options import ROOT
from tests import factories
from tests.factories import People
from tests.models.conftest import Upgraded
from tests.there import there
from tests.waits import STUCK_S

KEYS = [base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2)]


@pytest.fixture
def settings_with(settings: Settings) -> Iterator[Any]:
    """settings_with(key, old keys): the keys of this process for one test."""
    yield lambda key, old="": secret.use_keys(Settings.load({
        "SESSION_SECRET": settings.session_secret, "INTEGRATION_SECRETS_MASTER_KEY": key,
        "INTEGRATION_SECRETS_OLD_KEYS": old}))
    secret.use_keys(settings)


def stored() -> list[str]:
    return [row[0] for row in base.db.execute_sql("SELECT secret FROM channel ORDER BY id").fetchall()]


def test_the_database_sees_it_encrypted_and_the_row_gives_it_on_demand(people: People) -> None:
    channel = factories.make_custom(people.tenant, "https://shop.example/")
    plain = channel.secret.reveal()
    assert len(plain) > 40 and plain not in stored()[0] and keyring.is_sealed(stored()[0])
    assert Channel.get_by_id(channel.id).secret.reveal() == plain


def test_a_secret_that_is_assigned_is_encrypted_too(people: People) -> None:
    channel = factories.make_custom(people.tenant, "https://shop.example/")
    channel.secret = "theirs"
    channel.save()
    assert "theirs" not in stored()[0] and Channel.get_by_id(channel.id).secret.reveal() == "theirs"
    Channel.update(secret="another").where(Channel.id == channel.id).execute()
    assert "another" not in stored()[0] and Channel.get_by_id(channel.id).secret.reveal() == "another"


def test_saving_a_row_does_not_write_the_same_secret_in_another_form(people: People) -> None:
    channel = Channel.get_by_id(factories.make_custom(people.tenant, "https://shop.example/").id)
    before = stored()
    channel.save()
    assert stored() == before


def test_printed_it_says_nothing(people: People) -> None:
    channel = factories.make_custom(people.tenant, "https://shop.example/")
    fresh = Channel.get_by_id(channel.id)
    plain = channel.secret.reveal()
    for row in (channel, fresh):
        for printed in (str(row.secret), repr(row.secret), f"{row.secret}", repr(row), repr(row.__data__)):
            assert plain not in printed
        with pytest.raises(TypeError):
            orjson.dumps({"secret": row.secret})
    assert plain not in repr(list(Channel.select().dicts()))


def test_another_key_is_an_error_that_says_so_and_nothing_else(people: People, settings_with: Any) -> None:
    settings_with(KEYS[0])
    channel = factories.make_custom(people.tenant, "https://shop.example/")
    settings_with(KEYS[1])
    with pytest.raises(Unavailable, match="INTEGRATION_SECRETS_MASTER_KEY"):
        Channel.get_by_id(channel.id).secret.reveal()


def test_what_a_release_before_wrote_in_plain_text_is_read_and_encrypted(people: People) -> None:
    channel = factories.make_custom(people.tenant, "https://shop.example/")
    mark = base.db.param
    base.db.execute_sql(f"UPDATE channel SET secret = {mark}", ("as it was",))
    assert Channel.get_by_id(channel.id).secret.reveal() == "as it was"
    assert secret.seal_all(base.db, "channel", "secret") == (1, 0)
    assert stored() != ["as it was"] and Channel.get_by_id(channel.id).secret.reveal() == "as it was"


def test_a_rotation_encrypts_everything_anew_in_batches_and_can_be_repeated(people: People, settings_with: Any) -> None:
    settings_with(KEYS[0])
    channels = [factories.make_custom(people.tenant, "https://shop.example/") for _ in range(7)]
    plain = [channel.secret.reveal() for channel in channels]
    settings_with(KEYS[1], KEYS[0])
    assert secret.seal_all(base.db, "channel", "secret", batch=3) == (7, 0)
    assert secret.seal_all(base.db, "channel", "secret", batch=3) == (0, 0)
    settings_with(KEYS[1])
    assert [Channel.get_by_id(channel.id).secret.reveal() for channel in channels] == plain


def test_what_no_key_opens_is_counted_and_left(people: People, settings_with: Any) -> None:
    settings_with(KEYS[0])
    factories.make_custom(people.tenant, "https://shop.example/")
    before = stored()
    settings_with(KEYS[1])
    assert secret.seal_all(base.db, "channel", "secret") == (0, 1) and stored() == before


def rotated(settings: Settings, key: str, old: str) -> Any:
    env = {**os.environ, "APP_ENV": "test", "DATABASE_URL": settings.database_url, "REDIS_URL": settings.redis_url,
           "SESSION_SECRET": settings.session_secret, "INTEGRATION_SECRETS_MASTER_KEY": key,
           "INTEGRATION_SECRETS_OLD_KEYS": old, "DATA_DIR": settings.data_dir}
    return subprocess.run([sys.executable, "-m", "scripts.rotate_secrets"], cwd=ROOT, env=env, capture_output=True,
                          text=True, timeout=STUCK_S)


def test_the_command_says_what_it_did_and_what_it_could_not(people: People, settings: Settings,
                                                            settings_with: Any) -> None:
    settings_with(KEYS[0])
    channel = factories.make_custom(people.tenant, "https://shop.example/")
    plain = channel.secret.reveal()
    IntegrationSecret.create(tenant=people.tenant, key_name="STRIPE_SECRET_KEY", secret="stripe")
    Proxy.create(host="way.example", port=1080, protocol="http", username="vera", password="p@ss", digest="-")
    base.release()
    lost = rotated(settings, KEYS[1], "")
    assert lost.returncode == 1 and "4 secrets cannot be read" in lost.stderr
    assert [rotated(settings, KEYS[1], KEYS[0]).stdout for _ in range(2)] == [
        "4 secrets are encrypted anew.\n", "0 secrets are encrypted anew.\n"]
    settings_with(KEYS[1])
    assert Channel.get_by_id(channel.id).secret.reveal() == plain
    assert there(IntegrationSecret.get().secret).reveal() == "stripe"
    assert Proxy.get().url == "http://vera:p%40ss@way.example:1080"
    wrong = rotated(settings, "short", "")
    assert wrong.returncode == 2 and wrong.stderr.count("\n") == 1


def test_an_upgrade_encrypts_every_secret_of_an_earlier_release(upgraded: Upgraded) -> None:
    found = {(model, text) for model in ALL for field in secret.fields_of(model) for (text,) in base.db.execute_sql(
        f'SELECT "{field.column_name}" FROM "{model._meta.table_name}"').fetchall() if text is not None}
    assert Channel in {model for model, _ in found} and all(keyring.is_sealed(text) for _, text in found)
    custom = Channel.get(Channel.token == upgraded.truths["custom"]["token"])
    assert custom.secret.reveal() == upgraded.truths["custom"]["secret"]


def test_two_secrets_are_equal_when_they_say_the_same() -> None:
    assert Secret("a") == Secret("a") != Secret("b") and Secret("a") != "a"
