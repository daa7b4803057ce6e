"""/api/settings/retention: who sees it, who changes it, and what is refused."""

from tests.api.noun import One
from tests.api.one import walks_of
from tests.client import Client

RETENTION = One("/api/settings/retention", reads="admin", updates="admin",
                change={"conversation_days": 365, "letter_days": None},
                wrong={"conversation_days": [0, -1, 3651, "x", []], "letter_days": [366]})
globals().update(walks_of(RETENTION))


def test_what_people_said_is_kept_for_ever_unless_the_business_says_otherwise(alice: Client) -> None:
    shown = alice.get(RETENTION.path)
    assert (shown["conversationDays"], shown["visitorDays"], shown["inboundEventDays"]) == (None, 90, 30)
