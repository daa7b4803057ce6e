"""The fake embeddings: words hashed into a vector, so that texts which share words are close."""
from __future__ import annotations

import base64
import hashlib
import math
import re
import struct
from collections.abc import Iterator
from typing import Any

from tests.fakes.openai_chat import tokens

DEFAULT_DIMENSIONS = {"text-embedding-3-large": 3072}
MOST_INPUTS = 2048  # https://platform.openai.com/docs/api-reference/embeddings/create


def embeddings(body: Any) -> dict[str, Any]:
    """The answer to POST /embeddings. Raises ValueError for what the real API refuses."""
    if not isinstance(body, dict) or not body.get("model"):
        raise ValueError("you must provide a model parameter")
    texts = _texts(body.get("input"))
    size = body.get("dimensions") or DEFAULT_DIMENSIONS.get(body["model"], 1536)
    if not isinstance(size, int) or not 1 <= size <= 3072:
        raise ValueError(f"Invalid value for 'dimensions' = {size}.")
    packed = body.get("encoding_format", "float") == "base64"
    vectors = [vector(text, size) for text in texts]
    data = [{"object": "embedding", "index": n, "embedding": _packed(v) if packed else v}
            for n, v in enumerate(vectors)]
    count = sum(map(tokens, texts))
    return {"object": "list", "data": data, "model": body["model"],
            "usage": {"prompt_tokens": count, "total_tokens": count}}


def _texts(told: Any) -> list[str]:
    """The inputs as texts: a string, strings, token numbers, or lists of token numbers."""
    is_one = isinstance(told, str) or (isinstance(told, list) and all(type(token) is int for token in told))
    inputs = [told] if is_one else told
    if not isinstance(inputs, list) or not 0 < len(inputs) <= MOST_INPUTS or not all(inputs):
        raise ValueError("'$.input' is invalid: give 1 to 2048 texts, none of them empty")
    return [text if isinstance(text, str) else " ".join(map(str, text)) for text in inputs]


def vector(text: str, size: int) -> list[float]:
    """A unit vector of `size` numbers; the same text always gives the same one."""
    values = [0.0] * size
    for feature in _features(text):
        mark = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
        values[mark % size] += 1.0 if mark >> 63 else -1.0
    length = math.sqrt(sum(v * v for v in values))
    return [v / length for v in values] if length else [1.0, *values[1:]]


def _features(text: str) -> Iterator[str]:
    """Each word and its first five letters, which mostly survive Russian and English endings."""
    for word in re.findall(r"\w+", text.lower()) or [text]:
        yield word
        if len(word) > 5:
            yield f"{word[:5]}…"


def _packed(values: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
