"""An idle process does not carry what only asking, searching or indexing needs; and all of it works under gevent."""

import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from hub.settings import Settings
from tests.waits import STUCK_S

_ROOMS = ("chat", "chunk", "embed", "fuse", "guard", "offline", "prompts", "stems", "store", "utterance")
_HEAVY = ("openai", "chromadb", "httpx", "httpx2", "numpy", "pypdf", "semantic_text_splitter",
          "pydantic")


def run(program: str, root: Path) -> str:
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, timeout=STUCK_S)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_room_loads_nothing_heavy(root: Path) -> None:
    program = (f"import sys\nfrom hub.ai import {', '.join(_ROOMS)}\n"
               f"print(*sorted(set({_HEAVY!r}) & set(sys.modules)))")
    assert run(program, root).split() == []


def test_a_web_process_holds_nothing_that_only_some_sign_ins_need(root: Path, settings: Settings) -> None:
    program = (f"import sys\nfrom hub import create_app\nfrom hub.settings import Settings\n"
               f"create_app(Settings(**{asdict(settings)!r}))\n"
               f"print(*sorted({{'webauthn', 'authlib', 'joserfc'}} & set(sys.modules)))")
    assert run(program, root).split() == []


# By the clock, loading these takes a hundred seconds.
_SLOW_TO_LOAD = """
import importlib.abc, sys, time

real, late = time.monotonic, set()
time.monotonic = lambda: real() + 100 * len(late)

class Slow(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name in ("openai", "httpx2"):
            late.add(name)

sys.meta_path.insert(0, Slow())
from tests.ai import model_server as fake
from hub.ai.chat import converse
from hub.ai.embed import OpenAIEmbedder
from hub.lib import http
assert not late
"""
_FIRST_CALLS = {
    "a model": """
with fake.running() as model:
    endpoint = model.endpoint(fake.says(fake.reply("ok")))
    print(converse([endpoint], [{"role": "user", "content": "?"}], deadline_s=60).text)
""",
    "vectors": """
with fake.running() as model:
    found = '{"data": [{"object": "embedding", "index": 0, "embedding": [1.0, 0.0]}]}'
    endpoint = model.endpoint(fake.writes(found, kind="application/json"))
    OpenAIEmbedder(endpoint, "m", dimensions=2, deadline_s=60).embed(["a"])
    print("ok")
""",
    "any other server": """
with fake.running() as model:
    endpoint = model.endpoint(fake.fails(418))
    answer = http.call("POST", endpoint.base_url, content=b"{}", headers={"authorization": "Bearer sk-test"},
                       timeout_s=60)
    print("ok" if answer.status_code == 418 else answer.status_code)
"""}


@pytest.mark.parametrize("asked", _FIRST_CALLS)
def test_what_a_process_loads_for_its_first_call_is_no_part_of_its_deadline(root: Path, asked: str) -> None:
    assert run(_SLOW_TO_LOAD + _FIRST_CALLS[asked], root).split() == ["ok"]


@pytest.mark.parametrize("count", [20])
def test_conversations_under_gevent_wait_together_and_end_in_time(root: Path, count: int) -> None:
    """Half of the endpoints hang, half take half a second: in one after the other this would take many seconds."""
    program = f"""
from gevent import monkey; monkey.patch_all()
import gevent
from tests.waits import Watch
from hub.ai.chat import converse
from hub.ai.errors import AIError
from tests.ai import model_server as fake

def ask(endpoint):
    with Watch() as watch:
        try:
            said = converse([endpoint], [{{"role": "user", "content": "?"}}], deadline_s=1.0).text
        except AIError as error:
            said = error.kind
    return said, watch.seconds

with fake.running() as model:
    endpoints = [model.endpoint(fake.trickles(": x\\n" * 500, 0.02) if number % 2 else
                                fake.says(fake.reply("ok"), size=20, pause_s=0.1), key=str(number))
                 for number in range({count})]
    ask(endpoints[0])
    jobs = [gevent.spawn(ask, endpoint) for endpoint in endpoints]
    gevent.joinall(jobs)
    for job in jobs:
        print(job.value[0], job.value[1] < 1.5)
"""
    assert sorted(set(run(program, root).splitlines())) == ["ok True", "timeout True"]
