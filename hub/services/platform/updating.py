"""What an update does: backup, unpack, try, switch; then, in the release that came up, look how it went."""

import shutil
import subprocess
import sys
from pathlib import Path

from hub import queue
from hub.access.callers import Service
from hub.lib import clock, ids, packages, threads
from hub.lib.fields import N_
from hub.lib.packages import Refused
from hub.lib.version import VERSION
from hub.models.base import release, transaction
from hub.models.platform.update import Update, UpdateGoal, UpdateState
from hub.queue import Job
from hub.services import events, work
from hub.services.platform import backups, releases, updates
from hub.settings import current_settings

ROOT = Path(__file__).resolve().parents[3]
LOOK_S = 5.0
# Attempts are looks at how it goes, too: a release that starts for the first time may compile for minutes.
UPDATES = work.Kind(Update, Job.UPDATE, attempts=100, back_off_s=(LOOK_S,))
DONE = {UpdateGoal.APPLY: UpdateState.APPLIED, UpdateGoal.REBUILD: UpdateState.APPLIED,
        UpdateGoal.ROLLBACK: UpdateState.ROLLED_BACK}
# Whatever a process of the hub begins with.
_TRY = "import jobs.worker, scripts.migrate, app"


def run(update_id: int) -> None:
    """Do what was asked of the update, as far as it is not done."""
    with work.taken(UPDATES, update_id) as row:
        if row is None:
            return
        try:
            _go_on(row)
        except (Refused, OSError, subprocess.SubprocessError) as error:
            _end(row, UpdateState.FAILED, str(error))


def _go_on(row: Update) -> None:
    target = row.previous if row.goal == UpdateGoal.ROLLBACK else row.version
    if not row.asked:
        _prepare(row)
    wish = releases.wish()
    if wish.get("asked") != row.asked:
        releases.switch(target, row.asked)
    elif wish.get("failed"):
        raise Refused(N_("The release did not start, so the one before runs again. The log of scripts/run says why."))
    elif "before" not in wish and target == VERSION:
        _end(row, DONE[UpdateGoal(row.goal)])
        _tidy({VERSION, row.previous})
        return
    if UPDATES.exhausted(row):
        raise Refused(N_("It was not started anew in time."))
    if work.retry(UPDATES, row, "", LOOK_S):
        queue.later(Job.UPDATE, row.id, LOOK_S)


def _prepare(row: Update) -> None:
    """All that can go wrong while the old release still serves everybody."""
    if not releases.is_supervised():
        raise Refused(updates.ELSEWHERE)
    if row.goal == UpdateGoal.APPLY:
        _back_up(row)
        _try(row, _unpack(row))
    row.asked = ids.uuid7().hex
    _step(row, N_("Starts the release"), asked=row.asked)


def _back_up(row: Update) -> None:
    path = Path(current_settings().data_dir).resolve() / "backups" / backups.name()
    _step(row, N_("Makes a backup"), backup=path.name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _program(ROOT, sys.executable, "-m", "scripts.backing_up", str(path))


def _unpack(row: Update) -> Path:
    """Checked again: since the upload the file, or the key that is trusted, may be another one."""
    _step(row, N_("Unpacks the package"))
    package, target = releases.package(row.version), releases.folder().resolve() / row.version
    draft = target.with_name(f".{row.version}")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    if not package.exists() or threads.run(packages.digest, package) != row.sha256:
        raise Refused(N_("The package is not there any more, or another one took its place: upload it again."))
    threads.run(packages.check, package, updates.key(), draft)
    draft.rename(target)
    return target


def _try(row: Update, folder: Path) -> None:
    """Its libraries, if it needs others; then whether it can be loaded at all with the settings of this machine."""
    python = sys.executable
    if (folder / "requirements.txt").read_bytes() != (ROOT / "requirements.txt").read_bytes():
        _step(row, N_("Installs libraries"))
        _program(folder, python, "-c", "from scripts import environment; environment.make(environment.RUN)")
        python = str(folder / ".venv" / "bin" / "python")
    _step(row, N_("Tries the new release"))
    _program(folder, python, "-c", _TRY)


def _program(folder: Path, *argv: str) -> None:
    """Run it to its end; Refused with its last words where that is not a good one."""
    release()
    done = subprocess.run(argv, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=3000)
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["?"]
        raise Refused(said[-1])


def _step(row: Update, says: str, **values: str) -> None:
    Update.update(step=says, **values).where(Update.id == row.id, Update.attempts == row.attempts).execute()


def _end(row: Update, state: UpdateState, error: str = "") -> None:
    caller = Service("hub", row.user.tenant_id if row.user else None)
    with transaction():
        if work.finish(UPDATES, row, state, error=error, step="", finished_at=clock.now()):
            events.record(caller, f"update.{state}", row, {"state": "running"}, {"state": state, "error": error})


def _tidy(keep: set[str]) -> None:
    """Releases and packages that nobody goes back to."""
    for path in releases.folder().iterdir():
        if path.suffix == ".zip" and path.stem not in keep:
            path.unlink(missing_ok=True)
        elif path.is_dir() and path.name not in keep:
            shutil.rmtree(path, ignore_errors=True)
