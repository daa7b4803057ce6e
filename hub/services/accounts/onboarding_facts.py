"""What a business has of all that its customers will need, for the checks of its readiness."""

from hub.models.accounts.onboarding import Onboarding, OnboardingStep
from hub.models.accounts.tenant import Tenant
from hub.models.agents.agent import Agent
from hub.models.channels.channel import Channel
from hub.models.knowledge.knowledge_doc import Category, DocState, KnowledgeDoc
from hub.models.sales.product import Product
from hub.services import tenant_settings
from hub.services.accounts.business_hours import BusinessHours

_ENOUGH_ARTICLES, _ENOUGH_ANSWERED = 3, 0.7
_TERMS = (Category.POLICY, Category.SHIPPING, Category.RETURNS)


class Facts:
    """What is there, read once in a handful of queries."""

    def __init__(self, tenant: Tenant) -> None:
        self.row = row = Onboarding.get_or_new(tenant)
        ready = KnowledgeDoc.of(tenant).where(KnowledgeDoc.is_active, KnowledgeDoc.state == DocState.READY)
        self.ready, self.docs = ready.count(), KnowledgeDoc.of(tenant).where(KnowledgeDoc.is_active).count()
        self.terms = ready.where(KnowledgeDoc.category.in_(_TERMS)).exists()
        about_products = [uuid for uuid, kind in row.documents.items() if kind == "products"]
        self.products = Product.of(tenant).exists() or ready.where(KnowledgeDoc.uuid.in_(about_products)).exists()
        self.channels = Channel.of(tenant).where(Channel.is_active).count()
        self.agent = Agent.serving(tenant) is not None
        self.hours = _are_hours_set(tenant, row)
        self.outdated = row.tested_at is not None and KnowledgeDoc.of(tenant).where(
            KnowledgeDoc.updated_at > row.tested_at).exists()
        self.counts = {"CHANNEL_CONNECTED": {"count": self.channels},
                       "KNOWLEDGE_INDEXED": {"count": self.ready, "total": self.docs},
                       "SMOKE_TEST": {"count": self.passed, "total": self.asked}}

    @property
    def passed(self) -> int:
        return int(self.row.tested.get("passedCount", 0))

    @property
    def asked(self) -> int:
        return int(self.row.tested.get("totalCount", 0))

    def status(self, code: str) -> str:
        holds, half = {
            "BUSINESS_PROFILE": (OnboardingStep.BUSINESS in self.row.completed_steps, False),
            "HOURS_SET": (self.hours, False),
            "CHANNEL_CONNECTED": (self.channels > 0, False),
            "PRODUCTS_PRESENT": (self.products, bool(self.row.said(OnboardingStep.PRODUCTS))),
            "POLICIES_DESCRIBED": (self.terms, False),
            "KNOWLEDGE_INDEXED": (self.ready >= _ENOUGH_ARTICLES, self.ready > 0),
            "AGENT_ON": (self.agent and self.channels > 0, self.agent),
            "SMOKE_TEST": (self.agent and self.ready > 0 and self._is_tested, self.asked > 0),
        }[code]
        return "PASS" if holds else "WARN" if half else "FAIL"

    @property
    def _is_tested(self) -> bool:
        return self.asked > 0 and self.passed >= self.asked * _ENOUGH_ANSWERED and not self.outdated


def _are_hours_set(tenant: Tenant, row: Onboarding) -> bool:
    """Answered, or other than every new business has them."""
    usual = (Tenant.working_hours_start.default, Tenant.working_hours_end.default)
    said = row.said(OnboardingStep.BUSINESS)
    own = tenant_settings.of(tenant, BusinessHours).own_week
    return own or (tenant.working_hours_start, tenant.working_hours_end) != usual or any(
        said.get(name) for name in ("hours_start", "hoursStart", "working_hours_start", "workingHoursStart", "hours"))
