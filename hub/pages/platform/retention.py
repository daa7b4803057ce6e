"""The page of how long a business keeps what it has."""

from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.pages.kit.settings import settings_page
from hub.services.platform.retention_settings import Retention

blueprint = settings_page(
    "/settings/retention", Retention, Permission.MANAGE_TENANT_SETTINGS, N_("How long data is kept"),
    N_("Once a day what is older is deleted for good. Backups that were made before still hold it."))
