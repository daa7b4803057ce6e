"""Vectors in Chroma: five calls of its HTTP API (version 2), one collection per business and embedder.

Spoken to directly: Chroma's own client costs 44 MB and 1.2 s at the first question and waits for ever when the server
falls silent (measured with 1.5.9); these calls are all that is needed of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from hub.ai.errors import StoreError

if TYPE_CHECKING:
    import httpx2
    import numpy as np

# What Chroma takes as a name; the id of a tenant is a uuid, so no other tenant's name can come out of it.
_TENANT = re.compile(r"[0-9a-fA-F-]{32,36}")
_EMBEDDER = re.compile(r"[a-zA-Z0-9._-]{1,200}")
# Chroma's server refuses bodies over 40 MB; 500 vectors of 1536 numbers are about 5.
_BATCH = 500
_COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections"


def collection_name(tenant_uuid: str, embedder_id: str) -> str:
    """The one function that ties vectors to a tenant. Another embedder has another collection: its numbers differ."""
    if not _TENANT.fullmatch(tenant_uuid) or not _EMBEDDER.fullmatch(embedder_id):
        raise ValueError("a collection is named by a tenant's uuid and an embedder's id")
    return f"t-{tenant_uuid.replace('-', '').lower()}-{embedder_id}".rstrip("._-")


class VectorStore:
    """A Chroma server. Every failure is a StoreError; what the server does not know yet is empty, not an error."""

    def __init__(self, url: str, timeout_s: float = 5.0) -> None:
        self._url, self._timeout_s = url.rstrip("/"), timeout_s
        self._ids: dict[str, str] = {}          # collection name -> the server's id of it

    def upsert(self, collection: str, ids: Sequence[str], vectors: Sequence[np.ndarray] | np.ndarray) -> None:
        """Write vectors under these ids; the collection is made when it is missing."""
        import numpy as np
        for start in range(0, len(ids), _BATCH):
            part = slice(start, start + _BATCH)
            rows = np.ascontiguousarray(vectors[part], dtype=np.float32)
            self._in(collection, "upsert", {"ids": list(ids[part]), "embeddings": rows}, make=True)

    def query(self, collection: str, vector: np.ndarray, limit: int) -> list[tuple[str, float]]:
        """[(id, cosine similarity 0..1)] of the nearest vectors, best first."""
        if limit < 1:
            return []
        found = self._in(collection, "query", {"query_embeddings": [vector], "n_results": limit,
                                               "include": ["distances"]})
        if not found:
            return []
        return [(key, min(1.0, max(0.0, 1.0 - float(distance))))
                for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)]

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Remove these ids; unknown ones are no error."""
        for start in range(0, len(ids), _BATCH):
            self._in(collection, "delete", {"ids": list(ids[start:start + _BATCH])})

    def drop(self, collection: str) -> None:
        """Remove a whole collection, if there is one."""
        self._ids.pop(collection, None)
        self._call("DELETE", f"{_COLLECTIONS}/{quote(collection)}")

    def count(self, collection: str) -> int:
        """How many vectors the collection holds."""
        return int(self._in(collection, "count", None) or 0)

    def ping(self) -> bool:
        """Does the server answer?"""
        try:
            return self._call("GET", "/api/v2/heartbeat") is not None
        except StoreError:
            return False

    def _in(self, collection: str, verb: str, body: object, make: bool = False) -> Any:
        """One call inside a collection; None when there is no such collection."""
        for _ in range(2):
            collection_id = self._ids.get(collection) or self._find(collection, make)
            if collection_id is None:
                return None
            found = self._call("POST" if body is not None else "GET", f"{_COLLECTIONS}/{collection_id}/{verb}", body)
            if found is not None:
                return found
            self._ids.pop(collection, None)     # dropped, or made anew under another id
        return None

    def _find(self, collection: str, make: bool) -> str | None:
        found = self._call("POST", _COLLECTIONS, {"name": collection, "get_or_create": True,
                                             "configuration": {"hnsw": {"space": "cosine"}}}) \
            if make else self._call("GET", f"{_COLLECTIONS}/{quote(collection)}")
        if found is None:
            return None
        self._ids[collection] = str(found["id"])
        return self._ids[collection]

    def _call(self, method: str, path: str, body: object = None) -> Any:
        """The response's JSON; None for 404."""
        import httpx2
        content = orjson.dumps(body, option=orjson.OPT_SERIALIZE_NUMPY) if body is not None else None
        try:
            response = _pool().request(method, self._url + path, content=content, timeout=self._timeout_s,
                                     headers={"Content-Type": "application/json"})
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise StoreError(f"The vector store does not answer ({type(error).__name__}).") from error
        if response.status_code == 404:
            return None
        if response.status_code >= 400:
            raise StoreError(f"The vector store refused ({response.status_code}).")
        try:
            return orjson.loads(response.content)
        except orjson.JSONDecodeError as error:
            raise StoreError("The vector store's answer is not JSON.") from error


@cache
def _pool() -> httpx2.Client:
    import httpx2  # 20 MB that processes which never search do not need
    # A proxy of the environment is meant for the world outside; Chroma stands beside us.
    return httpx2.Client(trust_env=False)
