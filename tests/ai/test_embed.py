"""Vectors without a model, and those of an endpoint."""

import json

import numpy as np
import pytest

from hub.ai import embed
from hub.ai.chat import Endpoint
from hub.ai.embed import HashEmbedder, OpenAIEmbedder
from hub.ai.errors import AIError
from tests.ai import model_server as fake
from tests.ai.model_server import Behaviour, Handler, Model


def nearness(one: str, other: str) -> float:
    first, second = HashEmbedder().embed([one, other])
    return float(first @ second)


def test_every_vector_has_length_one_even_that_of_nothing() -> None:
    result = HashEmbedder().embed(["Доставка по России", "", "!!!", "и", "a" * 5000])
    assert result.shape == (5, HashEmbedder.dimensions) and result.dtype == np.float32
    assert np.allclose(np.linalg.norm(result, axis=1), 1)


def test_no_texts_give_no_vectors() -> None:
    assert HashEmbedder().embed([]).shape == (0, HashEmbedder.dimensions)


def test_the_same_text_always_has_the_same_vector() -> None:
    """The vectors are stored: a change of the hash would need another id and a new index."""
    row = HashEmbedder().embed(["палатка"])[0]
    assert HashEmbedder.id == "hash-1"
    assert (int(np.argmax(np.abs(row))), round(float(np.abs(row).max()), 3)) == (38, 0.485)


@pytest.mark.parametrize(("near", "far"), [
    (("доставка в Сибирь", "доставляем в Сибирь за 6 дней"), ("доставка в Сибирь", "чистка пуховика")),
    (("расрочка", "рассрочка без переплаты"), ("расрочка", "оптовые цены")),
    (("shiping cost", "Shipping costs"), ("shiping cost", "Warranty for tents"))])
def test_typing_mistakes_and_word_forms_stay_near(near: tuple[str, str], far: tuple[str, str]) -> None:
    assert nearness(*near) > nearness(*far) + 0.15


def test_bytes_keep_a_vector_exactly() -> None:
    row = HashEmbedder().embed(["Гарантия два года"])[0]
    assert (embed.from_bytes(embed.to_bytes(row)) == row).all()
    assert len(embed.to_bytes(row)) == 4 * HashEmbedder.dimensions


def vectors(size: int = 4, spoil: str = "") -> Behaviour:
    """The embeddings API: the n-th text of a request gets a vector that points to n, sent in reverse order."""
    def behave(handler: Handler) -> None:
        texts = handler.body["input"]
        data = [{"object": "embedding", "index": number, "embedding": [float(number), 1.0] + [0.0] * (size - 2)}
                for number in reversed(range(len(texts)))]
        if spoil == "one too few":
            data.pop()
        if spoil == "zero":
            data[0]["embedding"] = [0.0] * size
        handler.head(kind="application/json")
        handler.write(json.dumps({"object": "list", "data": data, "model": "m", "usage": {}}) if spoil != "html"
                      else "<html>")
    return behave


def test_an_endpoint_is_asked_in_lots_and_its_order_is_restored(model: Model) -> None:
    embedder = OpenAIEmbedder(model.endpoint(vectors()), "text-embedding-3-small", dimensions=4)
    result = embedder.embed([f"text {number}" for number in range(100)])
    assert result.shape == (100, 4) and np.allclose(np.linalg.norm(result, axis=1), 1)
    assert result[3][0] == pytest.approx(3 / np.sqrt(10)) and result[64][0] == 0.0
    bodies = [body for _, _, body in model.requests]
    assert [len(body["input"]) for body in bodies] == [64, 36]
    assert (bodies[0]["encoding_format"], bodies[0]["dimensions"]) == ("float", 4)
    assert bodies[0]["model"] == "text-embedding-3-small"


def test_an_empty_text_is_sent_as_something_the_api_takes(model: Model) -> None:
    OpenAIEmbedder(model.endpoint(vectors()), "m", dimensions=4).embed(["", "  "])
    assert model.requests[0][2]["input"] == [".", "."]


def test_the_id_names_model_and_size_and_is_safe_as_a_name() -> None:
    embedder = OpenAIEmbedder(Endpoint("http://x/v1", "k", ""), "BAAI/bge m3:latest", dimensions=256)
    assert embedder.id == "openai-BAAI-bge-m3-latest-256"


@pytest.mark.parametrize(("behaviour", "kind"), [
    (fake.fails(401, "invalid_api_key"), "auth"), (fake.fails(429, "insufficient_quota"), "quota"),
    (fake.fails(500), "unavailable"), (vectors(5), "bad_answer"), (vectors(spoil="one too few"), "bad_answer"),
    (vectors(spoil="zero"), "bad_answer"), (vectors(spoil="html"), "bad_answer"), (fake.hangs(), "timeout")])
def test_each_failure_of_an_endpoint_has_its_kind(model: Model, behaviour: Behaviour, kind: str) -> None:
    with pytest.raises(AIError) as caught:
        OpenAIEmbedder(model.endpoint(behaviour), "m", dimensions=4, deadline_s=0.5).embed(["a", "b"])
    assert caught.value.kind == kind
