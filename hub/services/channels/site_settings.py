"""What an owner sets about a site with the widget: one model for its page, its wizard and programs, and the changes."""

from functools import lru_cache
from typing import Annotated, ClassVar, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hub.access.callers import Caller
from hub.channels.website import Config
from hub.errors import BadInput
from hub.lib import domains, ids, text
from hub.lib.fields import Control, N_, Section, Wrong
from hub.models import refusals
from hub.lib.json_types import JsonObject
from hub.models.accounts.tenant import Tenant
from hub.models.base import locked, transaction
from hub.models.channels.channel import Channel, ChannelType
from hub.services import changes
from hub.services.accounts import tenants

_MOST_DOMAINS = 100
_NOT_A_DOMAIN = {
    "every_site": N_("“%(typed)s” is no domain. Leave the list empty to allow every site."),
    "scheme": N_("“%(typed)s” cannot show the chat: only pages on http:// and https:// can."),
    "person": N_("“%(typed)s” looks like an e-mail address or holds a password. Write only the domain."),
    "form": N_("“%(typed)s” is no domain. Write it like example.com, *.example.com or example.com:8443."),
}


def _rules(typed: list[str]) -> list[str]:
    """Domains as people type them, as rules; Wrong with a sentence about the first that is none."""
    try:
        return domains.rules(typed)
    except BadInput as error:
        raise Wrong(_NOT_A_DOMAIN[error.details["issue"]], typed=error.details["typed"]) from None


def _color(typed: str) -> str:
    word = typed.strip().lower()
    if len(word) != 7 or word[0] != "#" or not set(word[1:]) <= set("0123456789abcdef"):
        raise Wrong(N_("Write a colour like #2f6fed."))
    return word


def _clock(typed: str) -> str:
    hour, _, minute = typed.strip().partition(":")
    if not (len(minute) == 2 and hour.isascii() and minute.isascii() and hour.isdigit() and minute.isdigit()
            and len(hour) <= 2 and int(hour) < 24 and int(minute) < 60):
        raise Wrong(N_("Write a time like 09:00."))
    return f"{int(hour):02}:{minute}"


@lru_cache(1)
def _zones() -> tuple[str, ...]:
    """Places people know; the rest are old names of the same."""
    return tuple(sorted(name for name in available_timezones() if name == "UTC" or name.split("/")[0] in {
        "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}))


def _zone(typed: str) -> str:
    if typed not in available_timezones():
        raise Wrong(N_("This time zone does not exist."))
    return typed


Line = Annotated[str, AfterValidator(text.one_line)]
Clock = Annotated[str, AfterValidator(_clock), Control("time")]
Zone = Annotated[str, AfterValidator(_zone), Control("select", choices=_zones()), Field(title=N_("Time zone"))]


class Texts(BaseModel):
    """What the chat says before anybody has written; empty: its own words."""

    title: Annotated[Line, Field(max_length=60, title=N_("Title"))] = ""
    subtitle: Annotated[Line, Field(max_length=200, title=N_("Line under the title"))] = ""
    greeting: Annotated[str, AfterValidator(text.clean), Control("area", rows=2),
                        Field(max_length=500, title=N_("First message"))] = ""


class SiteTexts(BaseModel):
    """By language."""

    ru: Texts = Texts()
    en: Texts = Texts()


Name = Annotated[Line, Field(min_length=1, max_length=100, title=N_("Name of the site"),
                             description=N_("Only your team sees it."))]
Domains = Annotated[list[str], AfterValidator(_rules), Control("area", rows=4, placeholder="example.com"), Field(
    max_length=_MOST_DOMAINS, title=N_("Domains"), description=N_(
        "One a line: example.com, *.example.com for every subdomain, example.com:8443. An address from the browser "
        "will do. Empty: every site may show the chat."))]
Color = Annotated[str, AfterValidator(_color), Control("color"), Field(
    title=N_("Colour"), description=N_("Of the button, the head and the visitor's own messages."))]
Position = Annotated[Literal["right", "left"], Control("radio", {"right": N_("Right"), "left": N_("Left")}),
                     Field(title=N_("Place of the button"))]
Theme = Annotated[Literal["auto", "light", "dark"], Control("radio", {
    "auto": N_("As the visitor's device"), "light": N_("Light"), "dark": N_("Dark")}), Field(title=N_("Theme"))]
Locale = Annotated[Literal["ru", "en"], Control("radio", {"ru": N_("In Russian"), "en": N_("In English")}), Field(
    title=N_("Language"), description=N_("Where the page does not name its own."))]


class SiteIn(BaseModel):
    """Everything on a site's page. The hours are those of the whole business."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")
    SECTIONS: ClassVar = (
        Section(N_("Look"), N_("How the button and the chat look on your pages."),
                ("name", "color", "position", "theme", "locale")),
        Section(N_("Words in Russian"),
                N_("What a visitor reads first. Where you leave a field empty, the chat has words of its own."),
                ("texts.ru.title", "texts.ru.subtitle", "texts.ru.greeting")),
        Section(N_("Words in English"), N_("For visitors who read English."),
                ("texts.en.title", "texts.en.subtitle", "texts.en.greeting")),
        Section(N_("Where it may stand"), N_("Other sites cannot show your chat."), ("allowed_domains",)),
        Section(N_("Business hours"),
                N_("When people usually answer. An end before the start is on the next day: 18:00 to 02:00 is open "
                   "past midnight. Breaks, holidays and days that differ: Settings, Business hours."),
                ("hours_start", "hours_end", "timezone")),
    )

    name: Name
    color: Color = Config().color
    position: Position = "right"
    theme: Theme = "auto"
    locale: Locale = "ru"
    texts: SiteTexts = SiteTexts()
    allowed_domains: Domains = []
    hours_start: Annotated[Clock, Field(title=N_("Open from"))] = "09:00"
    hours_end: Annotated[Clock, Field(title=N_("Open until"))] = "18:00"
    timezone: Zone = "Europe/Moscow"


def current(channel: Channel) -> JsonObject:
    """What the site's settings are now, as SiteIn names them."""
    tenant = channel.tenant
    return {**Config.model_validate(channel.config).model_dump(), "name": channel.name, "timezone": tenant.timezone,
            "hours_start": tenant.working_hours_start, "hours_end": tenant.working_hours_end}


def create(caller: Caller, given: SiteIn) -> Channel:
    """A new site of the caller's business."""
    return changes.create(caller, Channel, {"kind": ChannelType.WEBSITE, "name": given.name,
                                            "config": _config({}, given)})


@refusals.repeated
def change(caller: Caller, channel: Channel, given: SiteIn) -> Channel:
    """Write the settings; pages that are open show them within a minute."""
    with transaction():
        fresh = locked(Channel.select().where(Channel.id == channel.id)).get()
        changes.apply(caller, fresh, {"name": given.name, "config": _config(fresh.config, given)})
        tenants.change(caller, Tenant.get_by_id(channel.tenant_id), timezone=given.timezone,
                       working_hours_start=given.hours_start, working_hours_end=given.hours_end)
    return fresh


def _config(before: JsonObject, given: SiteIn) -> JsonObject:
    """The stored settings with the new ones; what this page does not know of stays."""
    texts = {language: {name: word for name, word in words.items() if word}
             for language, words in given.texts.model_dump().items()}
    return {**before, "color": given.color, "position": given.position, "theme": given.theme, "locale": given.locale,
            "allowed_domains": given.allowed_domains, "texts": {key: words for key, words in texts.items() if words}}


@refusals.repeated
def rotate_secret(caller: Caller, channel: Channel) -> str:
    """A new identity secret at once; what was signed with the one of before, which is returned, is refused."""
    with transaction():
        fresh = locked(Channel.select().where(Channel.id == channel.id)).get()
        former = fresh.secret.reveal()
        changes.apply(caller, fresh, {"secret": ids.token()})
    return str(former)


@refusals.repeated
def restore_secret(caller: Caller, channel: Channel, former: str) -> None:
    """Undo of rotate_secret."""
    changes.apply(caller, channel, {"secret": former})


def switch_on(caller: Caller, channel: Channel) -> None:
    """Show the chat again, which was switched off together with its business."""
    changes.apply(caller, channel, {"is_active": True})
