"""/api/settings/retention: how long a business keeps what it has."""

from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.settings import settings_routes
from hub.services.platform.retention_settings import Retention

core.table("retention", *settings_routes("/api/settings/retention", Retention, read=Permission.MANAGE_TENANT_SETTINGS,
                                         change=Permission.MANAGE_TENANT_SETTINGS))
