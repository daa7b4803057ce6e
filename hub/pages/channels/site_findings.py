"""What a check of a site found, in words."""

from collections.abc import Iterator

from flask_babel import gettext

from hub.lib.fields import N_
from hub.models.channels.channel import Channel
from hub.models.platform.task import Task
from hub.services.channels import site_check

# Every code of services/channels/site_check.py and site_page.py: what it means, and what to do.
FINDINGS: dict[str, str] = {
    "not_public": N_("This address leads to no machine on the public internet. Check how it is spelled."),
    "not_reached": N_("The site does not answer. Check the address, and whether the site is up."),
    "broken": N_("The site broke the connection off or took too long. Try again in a while."),
    "moves_in_circles": N_("The page leads from one address to the next without end."),
    "refused": N_("The site answers with error %(status)s, so there was no page to read."),
    "no_page": N_("There is a file at this address and no page. Give the address of a page."),
    "missing": N_("The line is not on this page. Paste it into the page, above, and publish it."),
    "by_tag_manager": N_("The line is not in the page itself. If a tag manager adds it, open the page and look for the "
                         "button; otherwise paste the line."),
    "commented_out": N_("The line stands in a comment, so browsers pass it over. Take away <!-- and -->."),
    "shown_as_text": N_("The line was pasted as text. Put it in as HTML code, not into the editor for text."),
    "inside": N_("The line stands inside <%(place)s>, where browsers do not run it. Put it outside."),
    "held_back": N_("The line has a type that browsers do not run, as tools for cookie consent set it. Let it run, or "
                    "remove the type: the chat sets no cookies."),
    "wrong_hub": N_("The line loads from %(found)s; your hub is %(wanted)s. Copy the line anew."),
    "insecure": N_("A page on https cannot load a script from http. The address in the line must begin with https."),
    "no_token": N_("The line has no data-site. Copy the whole line anew."),
    "wrong_token": N_("The line belongs to another site: its data-site is %(found)s. Copy the line of this site."),
    "csp_script": N_("The site's Content-Security-Policy forbids the script. Add %(wanted)s to its script-src."),
    "csp_connect": N_("The site's Content-Security-Policy forbids the connection. Add %(wanted)s to its connect-src."),
    "switched_off": N_("This chat is switched off. Switch it on, above."),
    "other_domain": N_("%(domain)s is not among the domains that may show this chat. Add it to the list."),
    "twice": N_("The line is on the page more than once; one is enough."),
    "moved": N_("The address leads on to %(to)s."),
    "cut": N_("The page is very long; only its beginning was read."),
}


def told(site: Channel, task: Task | None) -> dict[str, object]:
    """What the part shows of a check, or of none."""
    return {"site": site, "check": task, "findings": list(_said(task)) if task is not None else [],
            "check_address": task.params["url"] if task is not None else site_check.usual(site)}


def _said(task: Task) -> Iterator[tuple[str, str]]:
    """(tone, sentence) of everything that was found."""
    for found in task.result.get("findings", []):
        code = found["code"]
        sentence = FINDINGS[code]
        yield "wait" if code in site_check.NOTES else "bad", gettext(sentence, **found["values"])
