"""A piece of the tenant's knowledge: an article, or an uploaded file's text."""

from enum import StrEnum

from peewee import BooleanField, CharField, DateTimeField, ForeignKeyField, IntegerField, JSONField, TextField

from hub.lib import clock
from hub.models.fields import EnumField, SearchField
from hub.models.platform.tenant_number import NumberField
from hub.models.base import TenantModel, cascade_key
from hub.models.platform.file import File
from hub.models.accounts.tenant import Tenant
from hub.models.work import Work


class Category(StrEnum):
    FAQ = "faq"
    POLICY = "policy"
    SHIPPING = "shipping"
    RETURNS = "returns"
    GENERAL = "general"


class DocState(StrEnum):
    PENDING = "pending"
    INDEXING = "indexing"
    READY = "ready"
    FAILED = "failed"


class KnowledgeDoc(Work, TenantModel):
    tenant = cascade_key(Tenant, backref="knowledge_docs")
    number = NumberField()
    search_text = SearchField("title", "tags")
    title = CharField(max_length=500)
    content = TextField(default="")
    category = EnumField(Category, default=Category.GENERAL, max_length=16)
    tags = JSONField[list[str]](default=list)
    language = CharField(null=True, max_length=8)
    url = CharField(null=True, max_length=1000)                     # where the customer can read it in full
    file = ForeignKeyField(File, null=True, on_delete="SET NULL")   # the original, when it was uploaded
    is_active = BooleanField(default=True)
    # The index follows the row: `pending` until a job has made chunks of this `version`.
    state = EnumField(DocState, default=DocState.PENDING, max_length=12)
    version = IntegerField(default=1)
    chunks_count = IntegerField(default=0)
    usage_count = IntegerField(default=0)
    last_used_at = DateTimeField(null=True)
    updated_at = DateTimeField(default=clock.now)


KnowledgeDoc.add_index(KnowledgeDoc.due_at, where=KnowledgeDoc.state.in_(("pending", "indexing")),
                       name="knowledge_doc_open")
