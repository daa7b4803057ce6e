"""All that is stored of a business, or about one customer, as one ZIP: asked for, made by a task, kept for a while.

The ZIP grows on the disk and is kept in parts, so that no size of it is ever in memory.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import IO
from uuid import UUID

from peewee import ModelSelect

from hub.access.callers import UserCaller
from hub.access.roles import Permission
from hub.errors import NotFound
from hub.lib import clock, text
from hub.lib.json_types import JsonObject
from hub.models import refusals
from hub.models.accounts.tenant import Tenant
from hub.models.base import Model, release, transaction
from hub.models.customers.customer import Customer
from hub.models.platform.event import Event
from hub.models.platform.file import File, FileKind
from hub.models.platform.task import Task
from hub.queue import Job
from hub.services import events, files, work
from hub.services.customers import traces
from hub.services.platform import export_rows, tasks

KEPT = timedelta(days=3)
_PIECE = 1 << 20
_README = {
    "ru": """Выгрузка данных из Parley: {name}, {day}.

В папке tables на каждую таблицу один файл: в каждой строке запись в формате JSON, время по UTC.
Число в поле, названном по другой таблице, — это её id.
В папке files лежат файлы; имя каждого начинается с его uuid из tables/file.jsonl.
Паролей, ключей и других секретов здесь нет, как и сеансов входа.
""",
    "en": """Data exported from Parley: {name}, {day}.

The folder tables has one file for each table: on each line a record in JSON, moments in UTC.
A number in a field that is named after another table is that one's id.
The folder files has the files; the name of each begins with its uuid in tables/file.jsonl.
Passwords, keys and other secrets are left out, and so are sign-ins.
"""}


def of_customer(caller: UserCaller, customer: Customer) -> Task:
    """Ask for all that is stored about a customer."""
    return _ask(caller, customer, Permission.MANAGE_CUSTOMERS, customer=f"{customer.uuid}")


def of_tenant(caller: UserCaller) -> Task:
    """Ask for everything of the caller's business."""
    return _ask(caller, caller.tenant, Permission.MANAGE_USERS)


@refusals.repeated
def _ask(caller: UserCaller, row: Model, permission: Permission, **about: object) -> Task:
    with transaction():
        events.record(caller, f"{events.noun(type(row))}.exported", row)
        return tasks.create(caller.tenant, Job.EXPORT, permission, caller.user, locale=caller.user.locale, **about)


def last(tenant: Tenant, **about: object) -> Task | None:
    """The newest export of the business, or about that customer."""
    some = Task.of(tenant).where(Task.job == Job.EXPORT).order_by(Task.id.desc()).limit(200)
    return next((task for task in some if task.params.get("customer") == about.get("customer")), None)


def url(task: Task) -> str | None:
    """Where the ZIP can be fetched, for an hour; None when there is none, or no longer."""
    first = _parts(task).first() if task.job == Job.EXPORT and task.state == "done" else None
    return None if first is None else files.url(first)


def forget(tenant: Tenant | int) -> None:
    """In a transaction of the caller: whatever was exported holds somebody who is erased now."""
    for file in list(File.without_bytes().where(File.tenant == tenant, File.kind == FileKind.EXPORT)):
        files.remove(file)


def run(task_id: int) -> None:
    """Make the ZIP, from the beginning; once more when somebody was erased meanwhile."""
    with tasks.taken(task_id) as task:
        about = None if task is None else _about(task)
        if task is None or about is None:
            return
        before = _erasures(task)
        with tempfile.TemporaryFile(dir=files.incoming()) as copy:
            task.result = {"rows": _write(task, about, copy), "size": copy.tell()}
            _keep(task, copy)
        if _erasures(task) != before:
            raise tasks.Later(1)


def _about(task: Task) -> Tenant | Customer | None:
    """None, and the task is over, when the customer was erased."""
    of = task.params.get("customer")
    found = Tenant.get_by_id(task.tenant_id) if of is None else Customer.find(task.tenant_id, UUID(of))
    if found is None:
        work.finish(tasks.TASKS, task, "cancelled", finished_at=clock.now())
    return found


def _erasures(task: Task) -> int:
    return int(Event.of(task.tenant_id).where(Event.kind == "customer.erased").count())


def _write(task: Task, about: Tenant | Customer, copy: IO[bytes]) -> int:
    """How many rows there are."""
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as to:
        to.writestr("README.txt", _README[task.params["locale"]].format(
            name=text.one_line(about.name), day=f"{clock.now():%Y-%m-%d}"))
        found = [*_tables(about)]
        rows = sum(_table(task, to, name, batches, number * 90 // len(found))
                   for number, (name, batches) in enumerate(found))
        _files(task, to, traces.files_of(about) if isinstance(about, Customer) else _of_tenant(about))
    copy.seek(0, 2)
    return rows


def _tables(about: Tenant | Customer) -> Iterator[tuple[str, Iterable[list[JsonObject]]]]:
    of = export_rows.of_tenant(about) if isinstance(about, Tenant) else export_rows.of_customer(about)
    for model, rows in of.items():
        yield model._meta.table_name, export_rows.batches(model, rows)
    if isinstance(about, Customer):
        yield "inbound_event", export_rows.raw_events(about)
        yield "file", [[export_rows.shown(file) for file in traces.files_of(about)]]


def _table(task: Task, to: zipfile.ZipFile, name: str, batches: Iterable[list[JsonObject]], progress: int) -> int:
    rows = 0
    with to.open(f"tables/{name}.jsonl", "w", force_zip64=True) as file:
        for batch in batches:
            rows += len(batch)
            file.write(b"".join(map(export_rows.written, batch)))
            tasks.step(task, progress, "")
    return rows


def _of_tenant(tenant: Tenant) -> Iterator[File]:
    after = 0
    while some := list(File.without_bytes().where(File.tenant == tenant, File.kind != FileKind.EXPORT, File.id > after)
                       .order_by(File.id).limit(200)):
        after = some[-1].id
        yield from some


def _files(task: Task, to: zipfile.ZipFile, some: Iterable[File]) -> None:
    """As they are: what people send is compressed already."""
    for file in some:
        with suppress(NotFound), files.opened(file) as source:      # deleted meanwhile
            entry = zipfile.ZipInfo(f"files/{file.uuid}-{file.name.replace('/', '_')}", clock.now().timetuple()[:6])
            with to.open(entry, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, _PIECE)
        tasks.step(task, 95, "")


class _Part:
    """The next bytes of a file, so many at the most."""

    def __init__(self, whole: IO[bytes], left: int) -> None:
        self.whole, self.left = whole, left

    def read(self, most: int) -> bytes:
        piece = self.whole.read(min(most, self.left))
        self.left -= len(piece)
        return piece


def _parts(task: Task) -> "ModelSelect[File]":
    return (File.without_bytes().where(File.tenant == task.tenant_id, File.kind == FileKind.EXPORT,
                                       File.owner == f"task:{task.id}").order_by(File.id))


def _keep(task: Task, copy: IO[bytes]) -> None:
    for file in list(_parts(task)):         # of a worker that was killed
        files.remove(file)
    size, done, name = copy.tell(), 0, f"parley-{clock.now():%Y-%m-%d}.zip"
    copy.seek(0)
    while done < size:
        release()
        part = files.store(task.tenant, FileKind.EXPORT, name, _Part(copy, files.most_bytes(FileKind.EXPORT)))
        files.belongs_to(part, task)
        done += part.size
