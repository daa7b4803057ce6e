"""Indexing of knowledge documents, and of a whole business when the index was lost."""

from hub.services.knowledge import knowledge
from jobs.job import job

index = job(knowledge.index)
restore = job(knowledge.restore)
