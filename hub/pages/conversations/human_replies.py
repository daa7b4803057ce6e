"""The page of what a person's reply does to the AI."""

from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.pages.kit.settings import settings_page
from hub.services.conversations.human_replies import HumanReplies

blueprint = settings_page(
    "/settings/human-replies", HumanReplies, Permission.MANAGE_TENANT_SETTINGS, N_("When a person replies"),
    N_("Whoever answers a customer has the conversation. Here you say whether, and when, the AI goes on."))
