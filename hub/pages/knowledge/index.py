"""The index of the articles: what can be found, what could not be read, and a check of the whole with its progress."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from peewee import fn

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.models.knowledge.knowledge_doc import KnowledgeDoc
from hub.models.platform.task import Task
from hub.pages.kit import page
from hub.queue import Job
from hub.services.knowledge import reindex
from hub.services.platform import tasks

blueprint = Blueprint("knowledge_index", __name__)
_EDIT = Permission.MANAGE_KNOWLEDGE_BASE
_FAILED = 20            # articles that are named; the rest is counted


@page(blueprint, "/settings/knowledge-index", _EDIT)
def show(caller: UserCaller) -> str:
    docs = KnowledgeDoc.of(caller.tenant)
    counts = dict(KnowledgeDoc.select(KnowledgeDoc.state, fn.COUNT(KnowledgeDoc.id))
                  .where(KnowledgeDoc.tenant == caller.tenant).group_by(KnowledgeDoc.state).tuples())
    failed = docs.where(KnowledgeDoc.state == "failed").order_by(KnowledgeDoc.id.desc()).limit(_FAILED)
    last = Task.of(caller.tenant).where(Task.job == Job.RESTORE).order_by(Task.id.desc()).first()
    return render_template("pages/knowledge/index.html", ready=counts.get("ready", 0), total=sum(counts.values()),
                           failed=list(failed), failed_count=counts.get("failed", 0), task=last)


@page(blueprint, "/settings/knowledge-index", _EDIT, "POST")
def check(caller: UserCaller) -> ResponseReturnValue:
    reindex.begin(caller.tenant, caller.user)
    return redirect(url_for("knowledge_index.show"), 303)


@page(blueprint, "/settings/knowledge-index/tasks/<task>", _EDIT)
def progress(caller: UserCaller, task: Task) -> str:
    """How far it is: the part of the page that follows its stream."""
    return render_template("parts/knowledge/_check.html", task=task)


@page(blueprint, "/settings/knowledge-index/tasks/<task>/cancel", _EDIT, "POST")
def cancel(caller: UserCaller, task: Task) -> ResponseReturnValue:
    tasks.cancel(caller, task)
    return redirect(url_for("knowledge_index.show"), 303)
