"""What is true: one file per noun, a Peewee class with its queries. `ALL` is the whole schema."""

from typing import Any

from hub.models.agent import Agent
from hub.models.channel import Channel
from hub.models.chunk import Chunk, ChunkTerm
from hub.models.conversation import Conversation
from hub.models.customer import Customer, CustomerIdentity
from hub.models.customer_note import CustomerNote
from hub.models.delivery import Delivery
from hub.models.file import File
from hub.models.idempotency import IdempotencyKey
from hub.models.inbound_event import InboundEvent
from hub.models.knowledge_doc import KnowledgeDoc
from hub.models.message import Message
from hub.models.product import Product
from hub.models.session import RevokedToken, UserSession
from hub.models.tenant import Tenant
from hub.models.turn import Turn
from hub.models.user import User

ALL: list[Any] = [Tenant, User, UserSession, RevokedToken, Channel, Agent, Customer, CustomerIdentity, CustomerNote,
                  Conversation, Message, Turn, Delivery, InboundEvent, File, KnowledgeDoc, Chunk, ChunkTerm,
                  Product, IdempotencyKey]

__all__ = [model.__name__ for model in ALL]
