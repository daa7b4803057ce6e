"""/api/knowledge-docs and /api/knowledge/search: what the business knows, and what would be found for a question."""

from typing import Annotated

from peewee import ModelSelect
from pydantic import Field

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.crud import crud
from hub.api.kit.schema import Id, Moment, OptionalMoment, Out
from hub.api.kit.table import get, post
from hub.errors import BadInput
from hub.models.accounts.tenant import Tenant
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
Tags = Annotated[list[Annotated[OneLine, Field(min_length=1, max_length=64)]], Field(max_length=50)]
_EDIT = Permission.MANAGE_KNOWLEDGE_BASE


class DocPatch(In):
    """What of an article can be changed; what is not sent stays as it is."""

    title: Title = ""
    content: Content = ""
    category: Category = Category.GENERAL
    tags: Tags = []
    url: WebUrl | None = None
    is_active: bool = True


class DocIn(DocPatch):
    """A new article."""

    title: Title
    content: Content


class DocOut(Out):
    """An article; `state` is pending, indexing, ready or failed: only what is ready is found."""

    id: Id
    number: int
    title: str
    content: str
    category: str
    tags: list[str]
    language: str | None
    url: str | None
    is_active: bool
    state: str
    error: str
    chunks_count: int
    usage_count: int
    last_used_at: OptionalMoment
    created_at: Moment
    updated_at: Moment


class DocsQuery(In):
    """Which articles: by words of the title, by category."""

    search: Search = ""
    category: Category | None = None

    def select(self, tenant: Tenant | int) -> "ModelSelect[KnowledgeDoc]":
        rows = KnowledgeDoc.of(tenant).where(KnowledgeDoc.search_text.holds(self.search))
        return rows.where(KnowledgeDoc.category == self.category) if self.category else rows


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
    *crud("/api/knowledge-docs", KnowledgeDoc, DocOut, DocIn, DocPatch, DocsQuery, service=knowledge,
          read=_EDIT,
          create=_EDIT),
    post("/api/knowledge-docs/upload", upload, permission=_EDIT, status=201, limit=("api", "upload"),
         max_body=_largest_body),
    get("/api/knowledge/search", search, permission=_EDIT),
)
