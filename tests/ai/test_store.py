"""Vectors in a real Chroma."""

import socket
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from hub.ai.embed import HashEmbedder
from hub.ai.errors import StoreError
from hub.ai.store import VectorStore, collection_name
from tests import servers
from tests.waits import STUCK_S, Watch

TEXTS = {"1": "Доставка в Сибирь за 6 дней", "2": "Гарантия на палатки два года", "3": "Чистка пуховика"}


@pytest.fixture
def store(chroma_url: str) -> VectorStore:
    return VectorStore(chroma_url)


@pytest.fixture
def place() -> str:
    return collection_name(str(uuid.uuid4()), HashEmbedder.id)


def filled(store: VectorStore, place: str) -> None:
    store.upsert(place, list(TEXTS), HashEmbedder().embed(list(TEXTS.values())))


def near(text: str) -> np.ndarray:
    row: np.ndarray = HashEmbedder().embed([text])[0]
    return row


def test_the_nearest_come_first_with_their_cosine(store: VectorStore, place: str) -> None:
    filled(store, place)
    found = store.query(place, near("какая гарантия на палатку"), 2)
    assert found[0][0] == "2" and len(found) == 2
    vectors = dict(zip(TEXTS, HashEmbedder().embed(list(TEXTS.values())), strict=True))
    for key, similarity in found:
        assert similarity == pytest.approx(max(0.0, float(vectors[key] @ near("какая гарантия на палатку"))), abs=1e-5)


def test_asking_for_more_than_there_is_gives_what_there_is(store: VectorStore, place: str) -> None:
    filled(store, place)
    assert len(store.query(place, near("палатка"), 50)) == 3
    assert store.query(place, near("палатка"), 0) == []


def test_writing_again_replaces(store: VectorStore, place: str) -> None:
    filled(store, place)
    store.upsert(place, ["2"], HashEmbedder().embed(["Оптовые цены"]))
    assert store.count(place) == 3
    assert store.query(place, near("оптовые цены"), 1)[0][0] == "2"


def test_a_large_document_is_written_in_lots(store: VectorStore, place: str) -> None:
    result = np.random.default_rng(1).standard_normal((1_100, 16)).astype(np.float32)
    ids = [str(number) for number in range(1_100)]
    store.upsert(place, ids, result)
    assert store.count(place) == 1_100
    key, similarity = store.query(place, result[1_050], 1)[0]
    assert key == "1050" and similarity == pytest.approx(1.0, abs=1e-5)
    store.delete(place, ids[:1_099])
    assert store.count(place) == 1


def test_deleted_ids_are_not_found_and_unknown_ones_are_no_error(store: VectorStore, place: str) -> None:
    filled(store, place)
    store.delete(place, ["2", "77"])
    assert {key for key, _ in store.query(place, near("гарантия"), 5)} == {"1", "3"}


def test_what_was_never_written_is_empty_not_an_error(store: VectorStore, place: str) -> None:
    assert store.query(place, near("палатка"), 5) == []
    assert store.count(place) == 0
    store.delete(place, ["1"])
    store.drop(place)


def test_a_dropped_collection_is_empty_and_can_be_made_again(store: VectorStore, place: str) -> None:
    filled(store, place)
    store.drop(place)
    assert store.query(place, near("палатка"), 5) == []
    filled(store, place)
    assert store.count(place) == 3


def test_a_collection_that_another_process_dropped_and_made_again_is_found(chroma_url: str, store: VectorStore,
                                                                            place: str) -> None:
    filled(store, place)
    other = VectorStore(chroma_url)
    other.drop(place)
    assert store.query(place, near("палатка"), 5) == []
    filled(other, place)
    assert store.count(place) == 3
    other.drop(place)
    filled(store, place)
    assert other.count(place) == 3


def test_another_process_sees_what_was_written(chroma_url: str, store: VectorStore, place: str) -> None:
    reader = VectorStore(chroma_url)
    assert reader.query(place, near("палатка"), 5) == []
    filled(store, place)
    assert len(reader.query(place, near("палатка"), 5)) == 3


def test_businesses_and_embedders_do_not_share_a_collection(store: VectorStore) -> None:
    mine, yours = str(uuid.uuid4()), str(uuid.uuid4())
    filled(store, collection_name(mine, "hash-1"))
    assert store.query(collection_name(yours, "hash-1"), near("палатка"), 5) == []
    assert store.query(collection_name(mine, "openai-x-1536"), near("палатка"), 5) == []


_SOMEBODY = "6f1f6c4e-8a53-4a5c-9d0d-0a4a0f5b6a10"


@pytest.mark.parametrize(("tenant", "embedder"), [
    ("", "hash-1"), ("1", "hash-1"), ("../other", "hash-1"), ("a" * 31, "hash-1"), (_SOMEBODY, ""), (_SOMEBODY, "a b"),
    (f"{_SOMEBODY}-x", "hash-1")])
def test_nothing_but_a_uuid_and_an_embedder_makes_a_name(tenant: str, embedder: str) -> None:
    with pytest.raises(ValueError, match="collection"):
        collection_name(tenant, embedder)


def test_vectors_of_another_size_are_an_error(store: VectorStore, place: str) -> None:
    filled(store, place)
    with pytest.raises(StoreError):
        store.query(place, np.ones(7, dtype=np.float32), 3)


def test_a_server_that_is_away_is_an_error_and_comes_back(place: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = VectorStore(f"http://127.0.0.1:{taken.getsockname()[1]}", timeout_s=0.5)
        assert away.ping() is False
        with pytest.raises(StoreError):
            away.query(place, near("палатка"), 3)


def test_a_server_that_has_stopped_is_an_error(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_CHROMA_URL", raising=False)
    with servers.chroma_server() as url:
        store = VectorStore(url, timeout_s=STUCK_S)
        filled(store, place)
    with pytest.raises(StoreError):
        store.count(place)
    assert store.ping() is False


def test_a_server_that_never_answered_costs_the_timeout_and_no_more(place: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with Watch() as watch, pytest.raises(StoreError):
            VectorStore(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.3).query(place, near("палатка"), 3)
        assert watch.seconds < 2


def test_a_server_that_falls_silent_later_costs_the_timeout_and_no_more(
        chroma_url: str, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with _proxy(chroma_url) as (url, is_silent):
        store = VectorStore(url, timeout_s=STUCK_S)
        filled(store, place)
        is_silent.set()
        with monkeypatch.context() as hurried, Watch() as watch, pytest.raises(StoreError):
            hurried.setattr(store, "_timeout_s", 0.3)
            store.query(place, near("палатка"), 3)
        assert watch.seconds < 2
        is_silent.clear()
        assert store.query(place, near("палатка"), 3)


@contextmanager
def _proxy(target: str) -> Iterator[tuple[str, threading.Event]]:
    """Chroma behind a door that can be told to take requests and answer none."""
    is_silent = threading.Event()

    class Door(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            for _ in range(40 if is_silent.is_set() else 0):
                time.sleep(0.05)
            request = urllib.request.Request(target + self.path, body or None, {"content-type": "application/json"},
                                             method=self.command)
            try:
                with urllib.request.urlopen(request) as answer:
                    status, content = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                status, content = error.code, error.read()
            with suppress(OSError):
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        do_GET = do_POST = _pass

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", is_silent
    finally:
        server.shutdown()
        server.server_close()


def test_a_running_server_answers_a_ping(store: VectorStore) -> None:
    assert store.ping() is True
    assert VectorStore("not a url").ping() is False
