"""The inbox: the list, one conversation, and what an operator does there. A part is the page's template alone."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.lib import ids, text
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.turn import Turn
from hub.pages.conversations import inbox_view as view
from hub.pages.kit import asked_for_part, page
from hub.services.conversations import conversations, floor, outbox

blueprint = Blueprint("inbox", __name__)
_ACT = Permission.MANAGE_CONVERSATIONS


class ReplyIn(BaseModel):
    """What an operator writes; `client_id` makes a repetition of the same request one message."""

    text: str = ""
    client_id: str = ""


@page(blueprint, "/inbox", Permission.VIEW_CONVERSATIONS)
def index(caller: UserCaller) -> str:
    return render_template("pages/conversations/inbox.html", **view.listing(caller), conversation=None)


@page(blueprint, "/inbox/rows", Permission.VIEW_CONVERSATIONS)
def rows(caller: UserCaller) -> str:
    return render_template("parts/conversations/_rows.html", **view.listing(caller))


@page(blueprint, "/inbox/<conversation>", Permission.VIEW_CONVERSATIONS)
def show(caller: UserCaller, conversation: Conversation) -> Response:
    """The whole page with this conversation open, or its pane alone. `?turn=` opens the reasons of that AI answer."""
    if caller.may(_ACT):
        conversations.read_by_team(conversation)
    values = view.opened(caller, conversation, request.args.get("turn"))
    page = render_template("parts/conversations/_conversation.html", **values) if asked_for_part() else \
        render_template("pages/conversations/inbox.html", **view.listing(caller, conversation), **values)
    response = make_response(page)
    response.headers["Vary"] = "HX-Request"
    return response


@page(blueprint, "/inbox/<conversation>/messages", Permission.VIEW_CONVERSATIONS)
def messages(caller: UserCaller, conversation: Conversation) -> str | Response:
    """What changed after `since`: lines, header, floor and suggestion; or, with `before`, the lines before that one."""
    before = view.before()
    if before is None:
        return _changed(caller, conversation)
    return render_template("parts/conversations/_messages.html", **view.lines(caller, conversation, None, before))


@page(blueprint, "/inbox/turns/<turn>", Permission.VIEW_CONVERSATIONS)
def why(caller: UserCaller, turn: Turn) -> str:
    return render_template("parts/conversations/_why.html", why=view.why(turn))


@page(blueprint, "/inbox/<conversation>/reply", _ACT, "POST")
def reply(caller: UserCaller, conversation: Conversation, given: ReplyIn) -> ResponseReturnValue:
    whole = view.whole(caller, conversation)
    outbox.reply(caller, whole, given.text, text.one_line(given.client_id, 64) or ids.token(12))
    return _back(caller, conversation)


@page(blueprint, "/inbox/<conversation>/take-over", _ACT, "POST")
def take_over(caller: UserCaller, conversation: Conversation) -> ResponseReturnValue:
    floor.take_over(caller, view.whole(caller, conversation))
    return _back(caller, conversation)


@page(blueprint, "/inbox/<conversation>/release", _ACT, "POST")
def release(caller: UserCaller, conversation: Conversation) -> ResponseReturnValue:
    floor.release(caller, view.whole(caller, conversation))
    return _back(caller, conversation)


@page(blueprint, "/inbox/<conversation>/close", _ACT, "POST")
def close(caller: UserCaller, conversation: Conversation) -> ResponseReturnValue:
    floor.close(caller, view.whole(caller, conversation))
    undo = url_for("inbox.reopen", conversation=conversation.uuid)
    flash({"text": gettext("Closed."), "undo": undo}, "good")  # type: ignore[arg-type]
    return _back(caller, conversation)


@page(blueprint, "/inbox/<conversation>/reopen", _ACT, "POST")
def reopen(caller: UserCaller, conversation: Conversation) -> ResponseReturnValue:
    floor.reopen(caller, view.whole(caller, conversation))
    return _back(caller, conversation)


@page(blueprint, "/inbox/<conversation>/read", Permission.VIEW_CONVERSATIONS, "POST")
def read(caller: UserCaller, conversation: Conversation) -> ResponseReturnValue:
    if caller.may(_ACT):
        conversations.read_by_team(conversation)
    return "", 204


def _back(caller: UserCaller, conversation: Conversation) -> ResponseReturnValue:
    if asked_for_part():
        return _changed(caller, conversation)
    return redirect(url_for("inbox.show", conversation=conversation.uuid))


def _changed(caller: UserCaller, conversation: Conversation) -> str | Response:
    since = request.values.get("since", "")
    known = int(since[:12]) if since.isdecimal() else None
    try:
        values = view.lines(caller, conversation, known)
    except view.TooMuch:
        return Response(headers={"HX-Refresh": "true"})
    return render_template("parts/conversations/_update.html", **values)
