"""How long the AI waits for the rest of a burst of lines."""

from hub.access.roles import Permission
from hub.lib.fields import N_
from hub.pages.kit.settings import settings_page
from hub.services.agents.answer_timing import AnswerTiming

blueprint = settings_page(
    "/settings/answer-timing", AnswerTiming, Permission.MANAGE_AUTOSEND, N_("Answer timing"),
    N_("People write a thought in several lines. The AI can wait for the rest of it and answer once."))
