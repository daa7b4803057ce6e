"""Texts as vectors: hashed stems and letters that need no model, or the vectors of an OpenAI-compatible endpoint."""

from __future__ import annotations

import math
import re
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias

from hub.ai import failures, stems
from hub.ai.clients import Endpoint, client, load
from hub.ai.errors import AIError
from hub.lib import deadline

if TYPE_CHECKING:
    import numpy as np  # 20 MB that processes which never search do not need: imported where it is used

# Vectors of several texts: an array with a row for each, or one array each.
Vectors: TypeAlias = "np.ndarray | Sequence[np.ndarray]"
_WORD = re.compile(r"[^\W_]+")
_UNSAFE = re.compile(r"[^a-zA-Z0-9._-]+")
_BATCH = 64


class Embedder(Protocol):
    """What makes vectors of texts; vectors of one `id` can be compared with each other."""

    id: str

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimensions) float32, every row of length 1."""


class HashEmbedder:
    """Stems and letter triples and fours, hashed with a sign (Weinberger et al. 2009, "Feature Hashing").

    Finds by words, word forms and typing mistakes, not by meaning and not across languages.
    """

    id = "hash-1"
    dimensions = 512
    stem_weight = 2.0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimensions) float32, every row of length 1."""
        import numpy as np
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            time.sleep(0)       # let others have the processor: a book has thousands of passages
            values = [0.0] * self.dimensions
            for feature, weight in _features(text, self.stem_weight):
                mark = zlib.crc32(feature.encode())
                values[(mark >> 1) % self.dimensions] += weight if mark & 1 else -weight
            row[:] = values
            row /= np.linalg.norm(row) or 1.0
            if not row.any():
                row[0] = 1.0        # a text without letters still needs a direction: cosine of nothing is no number
        return rows


class OpenAIEmbedder:
    """The vectors of a model behind an OpenAI-compatible endpoint."""

    def __init__(self, endpoint: Endpoint, model: str, dimensions: int = 1536, deadline_s: float = 20.0) -> None:
        self.id = _UNSAFE.sub("-", f"openai-{model}-{dimensions}")
        self.dimensions = dimensions
        self._endpoint, self._model, self._deadline_s = endpoint, model, deadline_s

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """(n, dimensions) float32, every row of length 1. The deadline covers all batches. Raises AIError."""
        import numpy as np
        load()
        rows: list[list[float]] = []
        with deadline.within(self._deadline_s), failures.as_ai_errors():
            for start in range(0, len(texts), _BATCH):
                rows.extend(self._batch(texts[start:start + _BATCH]))
        result = np.asarray(rows, dtype=np.float32).reshape(len(texts), self.dimensions)
        lengths = np.linalg.norm(result, axis=1, keepdims=True)
        if not np.isfinite(lengths).all() or not lengths.all():
            raise AIError("bad_answer", "The embedding endpoint returned a vector without a direction.")
        return np.asarray(result / lengths, dtype=np.float32)

    def _batch(self, texts: Sequence[str]) -> list[list[float]]:
        # Without encoding_format the client asks for base64, which some compatible servers do not know.
        # An empty text is refused by the API, so it is sent as one full stop.
        response = client(self._endpoint).embeddings.create(
            model=self._model, input=[text.strip() or "." for text in texts], dimensions=self.dimensions,
            encoding_format="float", timeout=deadline.left())
        rows = [list(item.embedding) for item in sorted(response.data or [], key=lambda item: item.index)]
        if len(rows) != len(texts) or any(len(row) != self.dimensions for row in rows):
            raise AIError("bad_answer", "The embedding endpoint returned vectors of another number or size.")
        return rows


def to_bytes(vector: np.ndarray) -> bytes:
    """A vector as the database keeps it: little-endian float32."""
    return vector.astype("<f4").tobytes()


def from_bytes(data: bytes) -> np.ndarray:
    """The vector that `to_bytes` stored."""
    import numpy as np
    return np.frombuffer(data, dtype="<f4")


def _features(text: str, stem_weight: float) -> Iterator[tuple[str, float]]:
    """(feature, weight); repetition counts less and less."""
    words = _WORD.findall(text.lower().replace("ё", "е"))
    telling = [word for word in words if word not in stems.STOP_WORDS] or words
    for feature, count in Counter(f"={stem}" for stem in stems.stems(text)).items():
        yield feature, stem_weight * (1 + math.log(count))
    for feature, count in Counter(_grams(telling)).items():
        yield feature, 1 + math.log(count)


def _grams(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        edged = f"<{word}>"
        for size in (3, 4):
            yield from (edged[start:start + size] for start in range(len(edged) - size + 1))
