"""A business made from the command line: addresses are understood, what cannot be used is one sentence."""

import subprocess
import sys
from typing import Any

import pytest

from hub.models.channels.channel import Channel
from hub.models.accounts.user import User
from hub.settings import Settings
from scripts.new_business import main
from tests.client import Client
from tests.scripts.trees import ROOT, clean
from tests.waits import STUCK_S


def new_business(settings: Settings, *words: str) -> Any:
    env = clean(DATABASE_URL=settings.database_url, REDIS_URL=settings.redis_url, DATA_DIR=settings.data_dir,
                SESSION_SECRET=settings.session_secret)
    return subprocess.run([sys.executable, "-m", "scripts.new_business", *words], cwd=ROOT, text=True,
                          capture_output=True, env=env, timeout=STUCK_S)


def test_the_address_of_a_shop_lets_that_shop_show_the_chat(app: Any, client: Client, settings: Settings) -> None:
    done = new_business(settings, "Shop", " O@Shop.Example", "https://myshop.example/", "Магазин.рф")
    assert done.returncode == 0, done.stderr
    site = Channel.get()
    assert site.config["allowed_domains"] == ["myshop.example", "xn--80aairftm.xn--p1ai"]
    assert User.get().email == "o@shop.example" and f'data-site="{site.token}"' in done.stdout
    client.get(f"/widget/config?site={site.token}", headers={"Origin": "https://myshop.example"})
    client.get(f"/widget/config?site={site.token}", 403, headers={"Origin": "https://other.example"})


@pytest.mark.parametrize(("words", "says"), [
    (["Shop", "o@shop.example", "ftp://myshop.example"], "“ftp://myshop.example” is no domain: only pages on"),
    (["Shop", "o@shop.example", "shop.example", "me@shop.example"], "“me@shop.example” is no domain: it looks like"),
    (["Shop", "myshop.example"], "“myshop.example” is no e-mail address."),
    ([" ", "o@shop.example"], "The business needs a name."),
])
def test_what_cannot_be_used_is_one_sentence(capsys: pytest.CaptureFixture[str], words: list[str], says: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    told = capsys.readouterr().err
    assert told.startswith(says) and told.count("\n") == 1


def test_an_e_mail_is_given_once(app: Any, settings: Settings, people: Any) -> None:
    done = new_business(settings, "Shop", "Alice@Bakery.example")
    assert done.returncode == 2 and done.stderr == "Somebody signs in as alice@bakery.example already.\n"


def test_a_wrong_setting_is_one_sentence(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
                                         settings: Settings) -> None:
    monkeypatch.setenv("SESSION_SECRET", settings.session_secret)
    monkeypatch.setenv("DATABASE_URL", "mysql://x")
    with pytest.raises(SystemExit, match="2"):
        main(["Shop", "o@shop.example"])
    assert capsys.readouterr().err == "DATABASE_URL must begin with sqlite:/// or postgres://.\n"
