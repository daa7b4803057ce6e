"""/api/knowledge-docs and /api/knowledge/search: what the business knows, and what would be found for a question."""

from typing import Annotated, Any, Literal

from pydantic import Field

from hub.access.identity import Who
from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit import paging
from hub.api.kit.params import Upload
from hub.api.kit.schema import CleanText, In, Many, Moment, OneLine, Out, Paged, Search, Uuid
from hub.api.kit.table import delete, get, patch, post
from hub.errors import BadInput, TooLarge
from hub.lib import text
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.services.knowledge import knowledge, retrieval
from hub.settings import current_settings

_FORMATS = (".md", ".markdown", ".txt", ".pdf")
_MAX_FILE = 128 * 1024 * 1024      # what is read at all; MAX_UPLOAD_SIZE_BYTES says what is kept
Content = Annotated[CleanText, Field(min_length=1, max_length=50_000)]
Title = Annotated[OneLine, Field(min_length=1, max_length=500)]
Tags = Annotated[list[Annotated[OneLine, Field(min_length=1, max_length=64)]], Field(max_length=50)]
Category = Literal["faq", "policy", "shipping", "returns", "general"]


class DocPatch(In):
    title: Title = ""
    content: Content = ""
    category: Category = "general"
    tags: Tags = []
    url: Annotated[str, Field(max_length=1000, pattern="^https?://")] | None = None
    is_active: bool = True


class DocIn(DocPatch):
    title: Title
    content: Content


class DocOut(Out):
    id: Uuid = Field(validation_alias="uuid")
    number: int = Field(validation_alias="id")
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
    last_used_at: Moment
    created_at: Moment
    updated_at: Moment


class DocsQuery(Paged):
    search: Search = ""
    category: Category | None = None


class SearchQuery(In):
    q: Annotated[str, Field(min_length=1, max_length=2000)]
    limit: Annotated[int, Field(ge=1, le=20)] = 5


def index(who: Who, query: DocsQuery) -> Many:
    """Documents, newest first."""
    rows = KnowledgeDoc.of(who.tenant)
    if query.search:
        rows = rows.where(KnowledgeDoc.title.contains(query.search))
    if query.category:
        rows = rows.where(KnowledgeDoc.category == query.category)
    page = paging.newest(rows, KnowledgeDoc, query)
    return Many([DocOut.model_validate(row) for row in page.items], page.next_after)


def show(who: Who, doc: KnowledgeDoc) -> DocOut:
    return DocOut.model_validate(doc)


def create(who: Who, body: DocIn) -> DocOut:
    """Store an article; `state` tells when it can be found."""
    return DocOut.model_validate(knowledge.create(who.tenant, **body.model_dump()))


def upload(who: Who, file: Upload) -> DocOut:
    """Store a Markdown, text or PDF file; a job reads it."""
    if not file.name.lower().endswith(_FORMATS):
        raise BadInput("UNSUPPORTED_FORMAT", "Send a .md, .txt or .pdf file.", {"field": "file"})
    if not file.data:
        raise BadInput("empty_file", "The file is empty.", {"field": "file"})
    if len(file.data) > current_settings().max_upload_bytes:
        raise TooLarge("FILE_TOO_LARGE", f"A file may have {current_settings().max_upload_bytes} bytes.",
                       {"field": "file", "limit": current_settings().max_upload_bytes})
    name, mime = text.one_line(file.name), text.one_line(file.mime, 128)
    return DocOut.model_validate(knowledge.upload(who.tenant, name, mime, file.data))


def update(who: Who, doc: KnowledgeDoc, body: DocPatch) -> DocOut:
    return DocOut.model_validate(knowledge.change(doc, **body.given()))


def remove(who: Who, doc: KnowledgeDoc) -> None:
    knowledge.remove(doc)


def search(who: Who, query: SearchQuery) -> dict[str, Any]:
    """What would be found for a question: document, quote and scores, best first."""
    found = retrieval.search(who.tenant, query.q, query.limit)
    return {"query": query.q, "results": [item.source() for item in found]}


core.table(
    "knowledge",
    get("/api/knowledge-docs", index, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    post("/api/knowledge-docs", create, permission=Permission.MANAGE_KNOWLEDGE_BASE, status=201),
    post("/api/knowledge-docs/upload", upload, permission=Permission.MANAGE_KNOWLEDGE_BASE, status=201,
         limit=("api", "upload"),
         max_body=_MAX_FILE),
    get("/api/knowledge-docs/<doc>", show, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    patch("/api/knowledge-docs/<doc>", update, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    delete("/api/knowledge-docs/<doc>", remove, permission=Permission.MANAGE_KNOWLEDGE_BASE),
    get("/api/knowledge/search", search, permission=Permission.MANAGE_KNOWLEDGE_BASE),
)
