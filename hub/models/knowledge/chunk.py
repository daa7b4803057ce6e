"""Passages of knowledge with their vectors, and the postings that make BM25 one indexed query on both databases."""


import peewee
from peewee import (
    JOIN,
    SQL,
    BlobField,
    CharField,
    CompositeKey,
    FloatField,
    ForeignKeyField,
    IntegerField,
    TextField,
    ValuesList,
    fn,
)

from hub.models.base import TenantModel, cascade_key, db
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.accounts.tenant import Tenant


class Chunk(TenantModel):
    tenant = cascade_key(Tenant)
    doc = cascade_key(KnowledgeDoc, backref="chunks", index=False)
    position = IntegerField()
    heading = CharField(default="", max_length=500)
    text = TextField()
    embedder = CharField(max_length=64)                             # which model made the vector
    vector = BlobField()                                            # float32; the truth that Chroma can be rebuilt from

    class Meta:
        indexes = ((("doc", "position"), True),)


class ChunkTerm(peewee.Model):
    """A word stem in a passage with its BM25 weight (ai/stems.py): the inverted index."""

    tenant = ForeignKeyField(Tenant, on_delete="CASCADE", index=False)
    stem = CharField(max_length=64)
    chunk = ForeignKeyField(Chunk, on_delete="CASCADE")
    weight = FloatField()

    class Meta:
        database = db
        legacy_table_names = False
        primary_key = CompositeKey("tenant", "stem", "chunk")
        without_rowid = True

    @classmethod
    def counts(cls, tenant: Tenant | int, stems: list[str]) -> dict[str, int]:
        """In how many of the tenant's passages each stem occurs."""
        query = (cls.select(cls.stem, fn.COUNT(cls.chunk)).where(cls.tenant == tenant, cls.stem.in_(stems))
                 .group_by(cls.stem))
        return dict(query.tuples())

    @classmethod
    def best(cls, tenant: Tenant | int, idfs: dict[str, float], limit: int) -> list[tuple[int, float]]:
        """[(chunk id, BM25 score)] of the best passages for stems with these idf weights."""
        # A list that is joined, not a CASE: that would look at every word for every posting, and peewee would turn
        # a word of digits into a number for the sake of the weight beside it, which equals no word.
        asked = ValuesList(list(idfs.items()), alias="asked")
        score = fn.SUM(cls.weight * asked.c.column2).alias("score")
        query = (cls.select(cls.chunk, score).from_(asked).join(cls, JOIN.CROSS)
                 .where(cls.tenant == tenant, cls.stem == asked.c.column1)
                 .group_by(cls.chunk).order_by(SQL("score").desc()).limit(limit))
        return [(chunk, float(value)) for chunk, value in query.tuples()]
