"""Answers are as small as the caller takes them: gzip for text, 304 for what it has."""

import gzip
from typing import Any

import pytest
from flask import Flask, Response

from hub.api.kit import compress
from hub.models.channels.channel import Channel
from tests import factories
from tests.api.callers import browser
from tests.client import Client
from tests.factories import People

LONG_TEXT = ["/openapi.json", "/auth/login", "/widget.js", "/static/theme/base.css", "/static/widget/chat.en.js",
             "/static/icons.svg"]
TAKEN = ["gzip", "GZIP", "gzip, deflate, br", "*", "gzip;q=0.1", "br, gzip;q=0.5, *;q=0", "identity;q=0.5, gzip",
         "identity;q=0, *;q=0.1"]
REFUSED = ["", "identity", "gzip;q=0", "gzip; q=0.0", "GZIP;Q=0", "gzip;q=0, *", "*;q=0", "identity, gzip;q=0.5",
           "*;q=1, gzip;q=0.1", "gzipped", "br", "gzip;q=high"]


@pytest.fixture
def site(people: People) -> Channel:
    texts = {"en": {"title": "Cakes", "greeting": "Good cakes. " * 150}}
    return factories.make_site(people.tenant, "shop.example", texts=texts)


def ask(client: Client, path: str, accept: str, **headers: str) -> Any:
    return client.call("GET", path, headers={"Accept-Encoding": accept, **headers})


@pytest.mark.parametrize("path", LONG_TEXT)
def test_text_is_sent_compressed_and_is_the_same_text(client: Client, path: str) -> None:
    plain, packed = ask(client, path, "identity"), ask(client, path, "gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) * 0.6
    unpacked = gzip.decompress(packed.data)
    assert len(unpacked) == len(plain.data) and (path == "/auth/login" or unpacked == plain.data)
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("path", LONG_TEXT)
@pytest.mark.parametrize("accept", TAKEN)
def test_gzip_is_sent_where_it_is_taken(client: Client, path: str, accept: str) -> None:
    assert ask(client, path, accept).headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize("path", LONG_TEXT)
@pytest.mark.parametrize("accept", REFUSED)
def test_gzip_is_not_sent_where_it_is_refused_or_liked_less(client: Client, path: str, accept: str) -> None:
    answer = ask(client, path, accept)
    assert answer.status_code == 200 and "Content-Encoding" not in answer.headers


def test_who_says_nothing_about_it_gets_plain_text(client: Client) -> None:
    assert "Content-Encoding" not in client.call("GET", "/auth/login").headers


@pytest.mark.parametrize("path", ["/health", "/api/nothing", "/static/theme/theme.css"])
def test_what_is_one_packet_anyway_stays_as_it_is(client: Client, path: str) -> None:
    answer = ask(client, path, "gzip")
    assert 0 < len(answer.data) < 1_000 and "Content-Encoding" not in answer.headers


def test_pages_and_lists_of_signed_in_people_are_compressed(app: Flask, people: People, site: Channel) -> None:
    for number in range(10):
        factories.make_conversation(site, f"Line {number}")
    page = browser(app, people.alice)
    for path in ("/inbox", "/api/conversations"):
        plain, packed = ask(page, path, "identity"), ask(page, path, "gzip")
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert len(packed.data) < len(plain.data) / 2
        assert packed.headers["Cache-Control"] == "no-store"


def test_pictures_and_fonts_are_not_packed_again(client: Client) -> None:
    for path in ("/static/vendor/inter-latin.woff2",):
        answer = ask(client, path, "gzip")
        assert "Content-Encoding" not in answer.headers


@pytest.fixture
def made() -> Client:
    """Answers that no page of ours gives today, on an app of their own."""
    small = Flask("small")
    long = "event: x\ndata: 1\n\n" * 200

    @small.after_request
    def _finish(response: Response) -> Response:
        compress.finish(response)
        return response

    small.add_url_rule("/events", "events", lambda: Response(iter([long]), mimetype="text/event-stream"))
    small.add_url_rule("/whole-events", "whole", lambda: Response(long, mimetype="text/event-stream"))
    small.add_url_rule("/parts", "parts", lambda: Response(iter([long, long]), mimetype="text/csv"))
    small.add_url_rule("/encoded", "encoded", lambda: Response(gzip.compress(b"x" * 9_000), mimetype="text/plain",
                                                               headers={"Content-Encoding": "gzip"}))
    small.add_url_rule("/marked", "marked", lambda: Response(long, headers={"ETag": '"m1"'}))
    small.add_url_rule("/part", "part", lambda: Response(long, 206))
    small.add_url_rule("/missing", "missing", lambda: Response(long, 404, headers={"ETag": '"m1"'}))
    small.add_url_rule("/posted", "posted", lambda: Response(long, headers={"ETag": '"m1"'}), methods=["POST"])
    return Client(small)


@pytest.mark.parametrize("path", ["/events", "/whole-events", "/parts"])
def test_what_comes_piece_by_piece_is_never_compressed(made: Client, path: str) -> None:
    assert "Content-Encoding" not in ask(made, path, "gzip").headers


def test_a_part_of_a_text_is_sent_as_it_is(made: Client) -> None:
    part = ask(made, "/part", "gzip")
    assert (part.status_code, part.text[:8], "Content-Encoding" in part.headers) == (206, "event: x", False)


def test_what_is_encoded_already_is_left_alone(made: Client) -> None:
    assert gzip.decompress(ask(made, "/encoded", "gzip").data) == b"x" * 9_000


def test_other_bytes_have_no_strong_mark_of_the_first(made: Client) -> None:
    plain, packed = ask(made, "/marked", "identity"), ask(made, "/marked", "gzip")
    assert (plain.headers["ETag"], packed.headers["ETag"]) == ('"m1"', 'W/"m1"')


KNOWN = ["{mark}", "W/{mark}", '"other", {mark}', '"other", W/{mark}', 'W/"a","b",W/{mark}', "*"]


@pytest.mark.parametrize("known", KNOWN)
@pytest.mark.parametrize("accept", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["/widget.js", "/static/theme/base.css", "/widget/config"])
def test_what_the_caller_has_is_not_sent_again(client: Client, site: Channel, path: str, accept: str,
                                               known: str) -> None:
    path += f"?site={site.token}" if path == "/widget/config" else ""
    origin = {"Origin": "https://shop.example"}
    mark = ask(client, path, "identity", **origin).headers["ETag"]
    again = ask(client, path, accept, **origin, **{"If-None-Match": known.format(mark=mark)})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"].removeprefix("W/") == mark and "public" in again.headers["Cache-Control"]
    assert "Content-Encoding" not in again.headers


@pytest.mark.parametrize("known", ['"other"', 'W/"other"', '"a", "b"', '"M1"', ""])
def test_what_the_caller_does_not_have_is_sent(made: Client, known: str) -> None:
    assert ask(made, "/marked", "gzip", **{"If-None-Match": known}).status_code == 200


def test_only_a_found_page_that_is_read_can_be_known(made: Client) -> None:
    assert ask(made, "/missing", "gzip", **{"If-None-Match": '"m1"'}).status_code == 404
    assert made.call("POST", "/posted", headers={"If-None-Match": '"m1"'}).status_code == 200
    assert made.call("HEAD", "/marked", headers={"If-None-Match": '"m1"'}).status_code == 304
    known = ask(made, "/marked", "gzip", **{"If-None-Match": '"m1"'})
    assert (known.status_code, known.data, "Content-Encoding" in known.headers) == (304, b"", False)


def test_the_look_of_a_site_is_compressed_and_follows_its_changes(client: Client, site: Channel) -> None:
    path, origin = f"/widget/config?site={site.token}", {"Origin": "https://shop.example"}
    first = ask(client, path, "gzip", **origin)
    assert first.headers["Content-Encoding"] == "gzip" and first.headers["Vary"] == "Origin, Accept-Encoding"
    Channel.update(config={**site.config, "color": "#445566"}).where(Channel.id == site.id).execute()
    factories.forget()
    assert b"#445566" in gzip.decompress(ask(client, path, "gzip", **origin).data)
