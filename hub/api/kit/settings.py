"""The routes of a group of a business's settings as one row: show it, change what is given."""

from typing import TypeVar

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.api.kit import table
from hub.api.kit.crud import typed
from hub.api.kit.table import Route
from hub.services import tenant_settings
from hub.services.tenant_settings import Group

G = TypeVar("G", bound=Group)


def settings_routes(path: str, group: type[G], *, read: Permission, change: Permission, put: bool = False,
                    **options: object) -> tuple[Route, ...]:
    """GET and PATCH of `path`; `put`: where a contract replaces the whole, PUT instead. `options` go to every row."""
    words = group.NAME.replace("_", " ")

    def show(caller: UserCaller) -> G:
        return tenant_settings.of(caller.tenant, group)

    def alter(caller: UserCaller, body: G) -> G:
        return tenant_settings.change(caller, group, body.model_dump(exclude_unset=not put))

    says = f"Replace the settings of {words}." if put else f"Change the given settings of {words}."
    return (
        table.get(path, typed("show", show, f"Show the settings of {words}.", group), permission=read, **options),
        (table.put if put else table.patch)(path, typed("change", alter, says, group, body=group), permission=change,
                                            **options))
