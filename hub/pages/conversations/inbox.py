"""The inbox: the list, one conversation, and what an operator does there. A part is the page's template alone."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from pydantic import BaseModel

from hub.access.identity import Who
from hub.access.roles import Permission
from hub.lib import ids, text
from hub.models.conversations.conversation import Conversation
from hub.models.conversations.message import Message
from hub.models.conversations.turn import Turn
from hub.pages.conversations import inbox_view as view
from hub.pages.kit import asked_for_part, page
from hub.services.conversations import conversations, floor, outbox

blueprint = Blueprint("inbox", __name__)
_ACT = Permission.MANAGE_CONVERSATIONS
_CHANGED = 300          # lines that one refresh brings at most


class ReplyIn(BaseModel):
    """What an operator writes; `client_id` makes a repetition of the same request one message."""

    text: str = ""
    client_id: str = ""


@page(blueprint, "/inbox", Permission.VIEW_CONVERSATIONS)
def index(who: Who) -> str:
    return render_template("pages/conversations/inbox.html", **view.listing(who), conversation=None)


@page(blueprint, "/inbox/rows", Permission.VIEW_CONVERSATIONS)
def rows(who: Who) -> str:
    return render_template("parts/conversations/_rows.html", **view.listing(who))


@page(blueprint, "/inbox/<conversation>", Permission.VIEW_CONVERSATIONS)
def show(who: Who, conversation: Conversation) -> Response:
    """The whole page with this conversation open, or its pane alone. `?turn=` opens the reasons of that AI answer."""
    if who.may(_ACT):
        conversations.read_by_team(conversation)
    values = view.opened(who, conversation, request.args.get("turn"))
    page = render_template("parts/conversations/_conversation.html", **values) if asked_for_part() else \
        render_template("pages/conversations/inbox.html", **view.listing(who, conversation), **values)
    response = make_response(page)
    response.headers["Vary"] = "HX-Request"
    return response


@page(blueprint, "/inbox/<conversation>/messages", Permission.VIEW_CONVERSATIONS)
def messages(who: Who, conversation: Conversation) -> str:
    """What changed after `since`: lines, header, floor and suggestion; or, with `before`, the lines before that one."""
    before = view.before()
    if before is None:
        return _changed(who, conversation)
    return render_template("parts/conversations/_messages.html", **view.lines(who, conversation, None, before))


@page(blueprint, "/inbox/turns/<turn>", Permission.VIEW_CONVERSATIONS)
def why(who: Who, turn: Turn) -> str:
    return render_template("parts/conversations/_why.html", why=view.why(turn))


@page(blueprint, "/inbox/<conversation>/reply", _ACT, "POST")
def reply(who: Who, conversation: Conversation, body: ReplyIn) -> ResponseReturnValue:
    whole = view.whole(who, conversation)
    outbox.reply(who.user, whole, body.text, text.one_line(body.client_id, 64) or ids.token(12))
    return _back(who, conversation)


@page(blueprint, "/inbox/<conversation>/take-over", _ACT, "POST")
def take_over(who: Who, conversation: Conversation) -> ResponseReturnValue:
    floor.take_over(who.user, view.whole(who, conversation))
    return _back(who, conversation)


@page(blueprint, "/inbox/<conversation>/release", _ACT, "POST")
def release(who: Who, conversation: Conversation) -> ResponseReturnValue:
    floor.release(who.user, view.whole(who, conversation))
    return _back(who, conversation)


@page(blueprint, "/inbox/<conversation>/close", _ACT, "POST")
def close(who: Who, conversation: Conversation) -> ResponseReturnValue:
    floor.close(who.user, view.whole(who, conversation))
    undo = url_for("inbox.reopen", conversation=conversation.uuid)
    flash({"text": gettext("Closed."), "undo": undo}, "good")  # type: ignore[arg-type]
    return _back(who, conversation)


@page(blueprint, "/inbox/<conversation>/reopen", _ACT, "POST")
def reopen(who: Who, conversation: Conversation) -> ResponseReturnValue:
    floor.reopen(who.user, view.whole(who, conversation))
    return _back(who, conversation)


@page(blueprint, "/inbox/<conversation>/read", Permission.VIEW_CONVERSATIONS, "POST")
def read(who: Who, conversation: Conversation) -> ResponseReturnValue:
    if who.may(_ACT):
        conversations.read_by_team(conversation)
    return "", 204


def _back(who: Who, conversation: Conversation) -> ResponseReturnValue:
    if asked_for_part():
        return _changed(who, conversation)
    return redirect(url_for("inbox.show", conversation=conversation.uuid))


def _changed(who: Who, conversation: Conversation) -> str:
    since = request.values.get("since", "")
    lines = Message.since(conversation, int(since[:12]), _CHANGED) if since.isdecimal() else None
    return render_template("parts/conversations/_update.html", **view.lines(who, conversation, lines))
