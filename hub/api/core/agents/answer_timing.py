"""/api/settings/answer-timing: how long the AI of a business waits for the rest of a burst of lines."""

from hub.access.roles import Permission
from hub.api.core import core
from hub.api.kit.settings import settings_routes
from hub.services.agents.answer_timing import AnswerTiming

core.table("settings", *settings_routes("/api/settings/answer-timing", AnswerTiming,
                                        read=Permission.VIEW_CONVERSATIONS, change=Permission.MANAGE_AUTOSEND))
