"""A supervisor with small children, run as a program: small_stack.py CASE FOLDER. Delays are a tenth of real ones."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[3])

from scripts import supervisor
from scripts.supervisor import Child, Supervisor

FOLDER = Path(sys.argv[2])
supervisor.SHORTEST_S, supervisor.LONGEST_S = 0.1, 0.4


def sh(script: str) -> list[str]:
    return ["/bin/sh", "-c", script]


def there(name: str) -> Callable[[int], bool]:
    return lambda pid: (FOLDER / name).exists()


def python(script: str) -> list[str]:
    return [sys.executable, "-c", script]


NOTE = "date +%s.%N >> log"
# It hears SIGTERM, says so, and takes a moment.
POLITE = ("trap 'echo {name} ends >> log; sleep 0.2; exit 0' TERM; echo {name} begins >> log; "
          "while :; do sleep 0.05; done")

CASES: dict[str, list[Child]] = {
    "crashing": [Child("crash", sh(NOTE))],
    # The third time it stays up for longer than what counts as healthy; the other times for a thousandth of that.
    "sometimes": [Child("crash", sh(f'{NOTE}; [ "$(wc -l < log)" -ne 3 ] || sleep 4'))],
    "ordered": [Child("last", sh(POLITE.format(name="last")), after=("job",)),
                Child("job", sh("sleep 0.2; echo job done >> log"), once=True, after=("first",)),
                Child("first", sh(POLITE.format(name="first") + "; touch up"))],
    "refused": [Child("other", sh("sleep 600")),
                Child("job", sh("echo The door is locked. >&2; exit 2"), once=True, quiet=True, after=("other",))],
    "dying": [Child("other", sh("sleep 600")), Child("web", sh("echo because of this; exit 7"), ready=there("never"),
                                                     quiet=True)],
    "mute": [Child("web", sh("sleep 600"), ready=there("never"), deadline_s=0.3)],
    "absent": [Child("web", ["/no/such/program"])],
    "trees": [Child("polite", sh("sleep 600 & sleep 600 & wait")),
              Child("stubborn", sh("trap '' TERM; sleep 600 & while :; do sleep 600; done"), grace_s=0.5),
              Child("deep", sh("sh -c 'sh -c \"sleep 600 & wait\" & wait' & wait"))],
    "abandoning": [Child("crash", sh("sleep 600 & echo $! >> log; sleep 0.1; exit 1"))],
    "talking": [Child("talk", python("import os, time\nos.write(1, b'half a ')\ntime.sleep(0.2)\n"
                                     "os.write(1, b'line\\n')\nos.write(1, b'\\xff bytes\\nno end of line')\n"))],
    "russian": [Child("russian", sh("echo Привет, мир; sleep 600"))],
    "chatty": [Child("chat", sh("while :; do echo still here; echo x >> log; sleep 0.05; done"))],
    "hearing": [Child("seed", sh("echo secret word; echo other words"), once=True,
                      consume=lambda line: line.startswith("secret"))],
}


def succeeding() -> Supervisor:
    """The first one is over when it is up; the second one cannot get up, so a third one follows."""
    crews = [[Child("second", sh("exit 1"), ready=there("never"))], [Child("third", sh(POLITE.format(name="third")))]]
    told: list[str] = []

    def following(was_up: bool) -> supervisor.Crew:
        told.append(f"was up: {was_up}")
        supervisor.tell(told[-1])
        return crews.pop(0), FOLDER

    return Supervisor([Child("first", sh(POLITE.format(name="first")), ready=there("log"))], FOLDER,
                      lambda: told.append("all up"), lambda: told == ["all up"], following)


def main() -> int:
    os.chdir(FOLDER)
    if sys.argv[1] == "succeeding":
        return succeeding().run()
    if sys.argv[1] == "sometimes":
        supervisor.HEALTHY_S = 3.0
    return Supervisor(CASES[sys.argv[1]], FOLDER, lambda: supervisor.tell("all up")).run()


if __name__ == "__main__":
    sys.exit(main())
