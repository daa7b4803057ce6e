"""A proxy as people enter it: one at a time, or a list of a thousand; by the API and on the page alike."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from hub.lib import proxy_text
from hub.lib.fields import Control, N_, Wrong
from hub.lib.json_types import Values
from hub.models.platform.proxy import Protocol
from hub.web.schema import In, OneLine

MOST = 1000


def _host(value: str) -> str:
    try:
        return proxy_text.host(value)
    except proxy_text.NoProxy as error:
        raise Wrong(str(error)) from None


def _country(value: str) -> str:
    if value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise Wrong(N_("Write the country in two letters, such as DE."))
    return value.upper()


Host = Annotated[OneLine, AfterValidator(_host), Field(min_length=1, max_length=255, title=N_("Host"))]
Country = Annotated[OneLine, AfterValidator(_country), Field(max_length=2, title=N_("Country"))]


class ProxyIn(In):
    """A proxy and, where it asks for them, a name and a password."""

    host: Host
    port: Annotated[int, Field(ge=1, le=65535, title=N_("Port"))]
    protocol: Annotated[Protocol, Field(title=N_("Protocol"))]
    username: Annotated[str, Field(max_length=255, title=N_("User name")), Control(autocomplete="off")] = ""
    password: Annotated[str, Field(max_length=255, title=N_("Password")), Control("password")] = ""
    country: Country = ""
    label: Annotated[OneLine, Field(max_length=255, title=N_("Label"))] = ""


def sorted_out(given: Sequence[Values]) -> tuple[list[tuple[int, Values]], list[tuple[int, str]]]:
    """([(position, values of a row)], [(position, field and what is wrong)]) of a list as anybody may write it."""
    good: list[tuple[int, Values]] = []
    wrong: list[tuple[int, str]] = []
    for index, values in enumerate(given):
        try:
            good.append((index, ProxyIn.model_validate(values).model_dump()))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(map(str, first["loc"]))
            said = first["msg"].removeprefix("Value error, ")
            wrong.append((index, f"{field}: {said}"))
    return good, wrong
