"""/api/knowledge-docs and /api/knowledge/search: what the business knows, and what would be found for a question."""

from typing import Annotated

from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.crud import crud
from hub.api.kit.filters import Filters, equals, holds
from hub.api.kit.schema import Out
from hub.api.kit.table import get, post
from hub.errors import BadInput
from hub.models.knowledge.knowledge_doc import Category, KnowledgeDoc
from hub.models.platform.file import FileKind
from hub.services import files
from hub.services.knowledge import knowledge, retrieval
from hub.web.binding import Upload
from hub.web.schema import CleanText, In, OneLine, Search, WebUrl

# What a form adds to its file: names and boundaries.
_FORM = 64 * 1024
_FORMATS = (".md", ".markdown", ".txt", ".pdf")
Content = Annotated[CleanText, Field(min_length=1, max_length=50_000)]
Title = Annotated[OneLine, Field(min_length=1, max_length=500)]
_EDIT = Permission.MANAGE_KNOWLEDGE_BASE


class DocIn(In):
    """A new article."""

    title: Title
    content: Content
    category: Category = Category.GENERAL
    tags: Annotated[list[Annotated[OneLine, Field(min_length=1, max_length=64)]], Field(max_length=50)] = []
    url: WebUrl | None = None
    is_active: bool = True


class DocOut(Out, columns=(
        KnowledgeDoc.id, KnowledgeDoc.number, KnowledgeDoc.title, KnowledgeDoc.content, KnowledgeDoc.category,
        KnowledgeDoc.language, KnowledgeDoc.url, KnowledgeDoc.is_active, KnowledgeDoc.state, KnowledgeDoc.error,
        KnowledgeDoc.chunks_count, KnowledgeDoc.usage_count, KnowledgeDoc.last_used_at, KnowledgeDoc.created_at,
        KnowledgeDoc.updated_at)):
    """An article; `state` is pending, indexing, ready or failed: only what is ready is found."""

    tags: list[str]


class DocsQuery(Filters):
    """Which articles: by words of the title, by category."""

    search: Annotated[Search, holds(KnowledgeDoc.search_text)] = ""
    category: Annotated[Category | None, equals(KnowledgeDoc.category)] = None


class SearchQuery(In):
    """A customer's question, and how many passages to look for."""

    q: Annotated[str, Field(min_length=1, max_length=2000)]
    limit: Annotated[int, Field(ge=1, le=20)] = 5


class FoundOut(Out):
    """A passage that may answer the question; scores: fused, by words, by meaning, how well it answers (0..1)."""

    doc: str
    title: str
    heading: str
    quote: str
    url: str | None
    score: float
    lexical: float
    vector: float
    evidence: float


class SearchOut(Out):
    """What would be found, best first."""

    query: str
    results: list[FoundOut]


def _largest_body() -> int:
    return files.most_bytes(FileKind.KNOWLEDGE) + _FORM


def upload(caller: UserCaller, file: Upload) -> DocOut:
    """Store a Markdown, text or PDF file; a job reads it."""
    if not file.name.lower().endswith(_FORMATS):
        raise BadInput("UNSUPPORTED_FORMAT", "Send a .md, .txt or .pdf file.", {"field": "file"})
    return DocOut.of(knowledge.upload(caller, file.name, file.content))


def search(caller: UserCaller, query: SearchQuery) -> SearchOut:
    """Show what would be found for a question."""
    found = retrieval.search(caller.tenant, query.q, query.limit)
    return SearchOut(query=query.q, results=[FoundOut(**item.source()) for item in found])


core.table(
    "knowledge",
    *crud("/api/knowledge-docs", KnowledgeDoc, DocOut, DocIn, DocsQuery, read=_EDIT, write=_EDIT, service=knowledge),
    post("/api/knowledge-docs/upload", upload, permission=_EDIT, status=201, limit=("api", "upload"),
         max_body=_largest_body),
    get("/api/knowledge/search", search, permission=_EDIT),
)
