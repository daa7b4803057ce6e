"""Half-finished input: kept step by step, one draft of each kind for each person."""


from hub.lib import clock
from hub.lib.json_types import JsonObject
from hub.models.accounts.user import User
from hub.models.platform.draft import Draft


def load(user: User, name: str) -> dict[str, JsonObject]:
    """{step: {field: as it was typed}}; empty where nothing was begun."""
    found = Draft.get_or_none(Draft.user == user, Draft.name == name)
    return dict(found.values) if found is not None else {}


def keep(user: User, name: str, step: str, values: JsonObject) -> None:
    """Remember what was typed in one step."""
    kept = {**load(user, name), step: values}
    (Draft.insert(tenant=user.tenant_id, user=user, name=name, values=kept)
     .on_conflict(conflict_target=[Draft.user, Draft.name], update={Draft.values: kept, Draft.updated_at: clock.now()})
     .execute())


def drop(user: User, name: str) -> None:
    """It is finished, or thrown away."""
    Draft.delete().where(Draft.user == user, Draft.name == name).execute()
