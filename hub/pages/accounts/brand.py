"""The page of the colour of a business."""

from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.pages.kit.settings import settings_page
from hub.services.accounts.brand import Brand

blueprint = settings_page("/settings/brand", Brand, Permission.MANAGE_TENANT_SETTINGS, N_("Look of your business"), N_(
    "By what your customers know you again. The logo stands on the page “Business”, the rest of a chat's look on its "
    "own page."))
