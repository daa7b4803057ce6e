"""Indexing of knowledge documents."""

from hub.services import knowledge
from jobs.job import job

index = job(knowledge.index)
