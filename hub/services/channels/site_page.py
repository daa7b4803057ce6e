"""What a page of somebody's site says about our chat: its script tags, where they stand, and what holds them back."""

import html
import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from hub.lib import csp

SCRIPT = "/widget.js"
# Types of a script that a browser runs; others are data, or wait for a consent.
_RUNS = ("", "module", "text/javascript", "application/javascript")


# What is looked at: comments and these tags, each of so many characters and attributes at the most.
_MOST_TAGS = 5_000
_NEXT = re.compile(r"<(?:(?P<name>!--|/?(?:noscript|template)(?=[\s>/])|(?:script|meta|base)(?=[\s>/]))"
                   r"(?P<rest>(?<!!--)(?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}'){0,2000}>)?)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([^\s\"'<>/=]{1,100})(\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'<>=`]+)))?")


@dataclass(frozen=True)
class Tag:
    """A script tag that looks like ours."""

    url: str
    token: str
    nonce: str
    inside: str             # noscript | template | nothing
    runs: bool


@dataclass
class SitePage:
    """A page as it was read: `url` where it came from in the end; `policies` of its headers and of itself."""

    url: str
    text: str
    policies: list[str]
    tags: list[Tag] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Finding:
    """One thing about the page: a code of FINDINGS in pages/channels/site_check.py, and what it names."""

    code: str
    values: dict[str, object] = field(default_factory=dict)


def read(url: str, text: str, policies: list[str]) -> SitePage:
    """Read a page, however broken or hostile its HTML is: once from front to back, with a bound for every tag."""
    page, base, inside, position, folded = SitePage(url, text, list(policies)), url, "", 0, text.lower()
    for _ in range(_MOST_TAGS):
        found = _NEXT.search(text, position)
        if found is None:
            break
        position, name = found.end(), found["name"].lower()
        if name == "!--":
            position = _behind(folded, "-->", position)
            page.comments.append(text[found.end():position])
            continue
        given = _attributes(found["rest"] or "")
        if name == "script":
            _script(page, base, inside, given)
            position = _behind(folded, "</script", position)
        elif name == "base":
            base = joined(url, given.get("href", "")) or base
        elif name == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            page.policies.append(given.get("content", ""))
        elif name in ("noscript", "template"):
            inside = name
        elif name == f"/{inside}":
            inside = ""
    return page


def _behind(text: str, end: str, position: int) -> int:
    """Where the text goes on behind the next `end`; at its own end when there is none."""
    found = text.find(end, position)
    return len(text) if found < 0 else found + len(end)


def _attributes(rest: str) -> dict[str, str]:
    """The first of each name counts."""
    found: dict[str, str] = {}
    for name, _, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), html.unescape(double or single or bare))
    return found


def joined(base: str, said: str) -> str:
    """Where an address on a page leads; empty for what is none."""
    try:
        url = urljoin(base, said.strip())
        return url if urlsplit(url).port != 0 else ""
    except ValueError:
        return ""


def _script(page: SitePage, base: str, inside: str, given: dict[str, str]) -> None:
    src = given.get("src", "")
    url = joined(base, src) or src.strip()[:200]
    is_ours = bool(src) and url.partition("?")[0].partition("#")[0].endswith(SCRIPT)
    if is_ours or "data-site" in given:
        page.tags.append(Tag(url, given.get("data-site", ""), given.get("nonce", ""), inside,
                             given.get("type", "").strip().lower() in _RUNS))


def examine(page: SitePage, hub: str, token: str) -> list[Finding]:
    """What keeps the chat of that token, of the hub at that address, from showing; nothing when it shows."""
    tag = next((tag for tag in page.tags if tag.token == token), page.tags[0] if page.tags else None)
    if tag is None:
        return [_missing(page, token)]
    found = [*_of_tag(tag, page, hub, token), *_of_policy(tag, page, hub)]
    return [*found, Finding("twice")] if len(page.tags) > 1 else found


def _missing(page: SitePage, token: str) -> Finding:
    if any(SCRIPT in comment for comment in page.comments):
        return Finding("commented_out")
    if token in html.unescape(page.text):
        return Finding("shown_as_text")
    return Finding("by_tag_manager" if "googletagmanager.com" in page.text else "missing")


def _of_tag(tag: Tag, page: SitePage, hub: str, token: str) -> list[Finding]:
    is_address = bool(joined(tag.url, ""))
    there = urlsplit(tag.url if is_address else "")
    checks = (
        (bool(tag.inside), Finding("inside", {"place": tag.inside})),
        (not tag.runs, Finding("held_back")),
        (csp.origin(there) != csp.origin(urlsplit(hub)), Finding("wrong_hub", {
            "found": f"{there.scheme}://{there.netloc}" if is_address else tag.url, "wanted": hub})),
        (there.scheme == "http" and page.url.startswith("https:"), Finding("insecure", {"wanted": hub})),
        (not tag.token, Finding("no_token")),
        (tag.token not in ("", token), Finding("wrong_token", {"found": tag.token[:64]})))
    return [finding for is_so, finding in checks if is_so]


def _of_policy(tag: Tag, page: SitePage, hub: str) -> list[Finding]:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(hub))
    socket = origin.replace("http", "ws", 1)
    if not csp.allows(page.policies, "script-src", tag.url, page.url, tag.nonce):
        return [Finding("csp_script", {"wanted": origin})]
    targets = [f"{where}/widget/live" for where in (origin, socket)]
    if not all(csp.allows(page.policies, "connect-src", target, page.url) for target in targets):
        return [Finding("csp_connect", {"wanted": f"{origin} {socket}"})]
    return []
