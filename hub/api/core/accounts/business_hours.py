"""/api/settings/business-hours: when people of the business answer."""

from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.settings import settings_routes
from hub.services.accounts.business_hours import BusinessHours

core.table("business_hours", *settings_routes(
    "/api/settings/business-hours", BusinessHours, read=Permission.VIEW_CONVERSATIONS,
    change=Permission.MANAGE_TENANT_SETTINGS))
