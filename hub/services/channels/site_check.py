"""Is the chat on somebody's site? A worker opens the page as a browser would, and says what is wrong."""

from urllib.parse import urlsplit

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import BadInput
from hub.lib import domains, http
from hub.lib.fields import N_
from hub.lib.http import Response
from hub.lib.json_types import JsonObject
from hub.models.channels.channel import Channel
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services.channels import site_page
from hub.services.channels.site_page import Finding
from hub.services.platform import tasks

_MOST_BYTES, _TIMEOUT_S, _HOPS = 2_000_000, 15.0, 5
_MOVED = (301, 302, 303, 307, 308)
# What stands on the page and keeps nothing from working.
NOTES = ("twice", "moved", "cut")


def begin(caller: UserCaller, site: Channel, address: str, hub: str) -> Task:
    """Ask for a check of the page at that address, as people type it; `hub`: where the tag must lead."""
    return tasks.create(caller.tenant, Job.CHECK_SITE, Permission.MANAGE_CHANNELS, caller.user, site=str(site.uuid),
                        url=_url(address), hub=hub)


def usual(site: Channel) -> str:
    """Where the chat of this site probably stands."""
    named = [rule for rule in site.config.get("allowed_domains") or [] if not rule.startswith("*.")]
    return f"https://{named[0]}/" if named else ""


def last(site: Channel) -> Task | None:
    """The newest check of that site."""
    checks = Task.of(site.tenant_id).where(Task.job == str(Job.CHECK_SITE)).order_by(Task.id.desc()).limit(50)
    return next((task for task in checks if task.params.get("site") == str(site.uuid)), None)


def run(task_id: int) -> None:
    """Open the page that a task names, and keep what was found as its result."""
    with tasks.taken(task_id) as task:
        if task is not None:
            site = Channel.find(task.tenant_id, task.params["site"])
            task.result = {} if site is None else _checked(task, site)


def _checked(task: Task, site: Channel) -> JsonObject:
    tasks.step(task, 10, task.params["url"])
    url, response, found = _fetched(task, task.params["url"])
    if response is not None and not found:
        tasks.step(task, 80, url)
        found = _read(url, response, site, task.params["hub"])
    if url != task.params["url"]:
        found = [*found, Finding("moved", {"to": url})]
    bad = [finding for finding in found if finding.code not in NOTES]
    return {"url": url, "isInstalled": not bad,
            "findings": [{"code": finding.code, "values": finding.values} for finding in found]}


def _fetched(task: Task, url: str) -> tuple[str, Response | None, list[Finding]]:
    """(where the page is in the end, the response, why there is none)."""
    for hop in range(_HOPS + 1):
        tasks.step(task, 20 + 10 * hop, url)
        try:
            response = http.call("GET", url, headers={"Accept": "text/html"}, timeout_s=_TIMEOUT_S,
                               most_bytes=_MOST_BYTES, public_only=True)
        except http.NotAllowed:
            return url, None, [Finding("not_public")]
        except http.NotReached:
            return url, None, [Finding("not_reached")]
        except http.InDoubt:
            return url, None, [Finding("broken")]
        target = response.headers.get("location")
        if response.status_code not in _MOVED or not target:
            return url, response, []
        url, before = site_page.joined(url, target), url
        if not url:
            return before, None, [Finding("broken")]
    return url, None, [Finding("moves_in_circles")]


def _read(url: str, response: Response, site: Channel, hub: str) -> list[Finding]:
    if response.status_code >= 400:
        return [Finding("refused", {"status": response.status_code})]
    if "html" not in response.headers.get("content-type", "text/html").lower():
        return [Finding("no_page")]
    # A header that was sent several times is one here, its policies with commas between them.
    policies = response.headers.get("content-security-policy", "").split(",")
    page = site_page.read(url, response.content.decode("utf_8", "replace"), policies)
    found = [*_of_site(site, url), *site_page.examine(page, hub, site.token)]
    return [*found, Finding("cut")] if response.cut else found


def _of_site(site: Channel, url: str) -> list[Finding]:
    parts, allowed = urlsplit(url), site.config.get("allowed_domains")
    origin = f"{parts.scheme}://{parts.netloc}"
    may = not allowed or any(domains.matches(rule, origin) for rule in allowed)
    return [*([] if site.is_active else [Finding("switched_off")]),
            *([] if may else [Finding("other_domain", {"domain": parts.netloc})])]


def _url(address: str) -> str:
    typed = address.strip()
    url = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(url)
        if parts.scheme in domains.DEFAULT_PORTS and parts.hostname and not parts.username and parts.port != 0:
            return url
    except ValueError:
        pass
    raise BadInput("no_address", N_("Write the address of a page, such as example.com."), {"field": "address"})
