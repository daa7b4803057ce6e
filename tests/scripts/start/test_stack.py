"""What runs on one machine, in which order, and what is said when all of it is up."""

import json
import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from scripts import StartError, probes, stack
from scripts.options import Options
from scripts.stack import Plan

DEMO = {"site": "site_abc", "owner": {"email": "o@demo.example", "password": "pw-o"},
        "operator": {"email": "p@demo.example", "password": "pw-p"}}


def plan(data: Path, environ: Mapping[str, str] | None = None, **told: Any) -> Plan:
    data.mkdir(exist_ok=True)
    return stack.prepare(Options(data=data, **{"port": 0, **told}), environ or {})


def names(plan: Plan) -> list[str]:
    return [child.name for child in stack.children(plan)]


def test_with_nothing_set_it_brings_everything_itself(tmp_path: Path) -> None:
    assert names(plan(tmp_path)) == ["redis", "chroma", "migrate", "web", "worker", "seed", "shop"]


def test_without_the_demo_there_is_neither_seed_nor_shop(tmp_path: Path) -> None:
    assert names(plan(tmp_path, demo=False)) == ["redis", "chroma", "migrate", "web", "worker"]


def test_it_starts_no_redis_and_no_chroma_when_it_is_told_where_they_are(tmp_path: Path, redis_url: str) -> None:
    told = plan(tmp_path, {"REDIS_URL": redis_url, "CHROMA_URL": "http://chroma.invalid:8000"}, demo=False)
    children = stack.children(told)
    assert [child.name for child in children] == ["migrate", "web", "worker"]
    assert {name for child in children for name in child.after} == {"migrate"}
    assert not {"REDIS_URL", "CHROMA_URL"} & set(told.env)


def test_pages_are_served_without_waiting_for_chroma_or_the_demo(tmp_path: Path) -> None:
    web = next(child for child in stack.children(plan(tmp_path)) if child.name == "web")
    assert web.after == ("redis", "migrate")


def test_the_database_is_a_file_in_the_data_folder_unless_told(tmp_path: Path) -> None:
    assert plan(tmp_path).env["DATABASE_URL"] == f"sqlite:///{tmp_path}/hub.db"
    assert plan(tmp_path, {"DATABASE_URL": "postgres://u@h/d"}).env["DATABASE_URL"] == "postgres://u@h/d"


def test_secrets_stay_the_same_over_restarts(tmp_path: Path) -> None:
    first, second = plan(tmp_path).env, plan(tmp_path).env
    for name in ("SESSION_SECRET", "INTEGRATION_SECRETS_MASTER_KEY"):
        assert first[name] == second[name] != ""


def test_the_shop_gets_the_site_that_the_seed_made(tmp_path: Path) -> None:
    told = plan(tmp_path)
    seed, shop = stack.children(told)[-2:]
    assert seed.env["DEMO_SHOP_URL"] == told.shop
    assert seed.consume(json.dumps(DEMO))
    for other in ("Seeding the demo business …", '{"event": "knowledge.indexed", "level": "info"}', "[1]", "{"):
        assert not seed.consume(other)
    argv = shop.argv() if callable(shop.argv) else shop.argv
    assert argv[-5:] == ["--port", str(told.shop_port), "--hub", told.hub, "--site=site_abc"]


def test_a_port_that_was_asked_for_and_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(StartError) as refusal:
            plan(tmp_path, port=port)
    assert str(refusal.value) == (f"Port {port} is already in use; choose another with --port N, "
                                  "or leave it out and a free one is taken.")


def test_the_usual_port_gives_way_when_it_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        monkeypatch.setattr(stack, "DEFAULT_PORT", busy.getsockname()[1])
        told = plan(tmp_path, port=None)
        assert told.port not in (busy.getsockname()[1], told.shop_port)
        assert not probes.port_problem(told.port)


def test_one_data_folder_serves_one_parley(tmp_path: Path) -> None:
    lock = stack.claim(Options(data=tmp_path))
    with pytest.raises(StartError, match=rf"already runs on {tmp_path} \(process {os.getpid()}\)"):
        stack.claim(Options(data=tmp_path), timeout_s=0.2)
    os.close(lock)
    os.close(stack.claim(Options(data=tmp_path)))


def test_a_data_folder_that_it_makes_is_closed_to_others(tmp_path: Path) -> None:
    os.close(stack.claim(Options(data=tmp_path / "new")))
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("data", "ready"), [("/proc/parley", None), ("new", Path("/proc/parley"))])
def test_a_place_where_it_cannot_write_is_one_sentence(tmp_path: Path, data: str, ready: Path | None) -> None:
    with pytest.raises(StartError, match=r"^Cannot write to /proc/parley\b.*: .*\.$"):
        stack.claim(Options(tmp_path / data, ready_file=ready))


def test_an_old_ready_file_is_gone_before_anything_starts(tmp_path: Path) -> None:
    file = tmp_path / "ready.json"
    file.write_text("{}")
    os.close(stack.claim(Options(data=tmp_path, ready_file=file)))
    assert not file.exists()


def announced(tmp_path: Path, demo: dict[str, Any]) -> tuple[Plan, dict[str, Any]]:
    told = Plan(Options(tmp_path, ready_file=tmp_path / "ready.json"), 5000, 5001, {}, demo=demo)
    stack.announce(told)
    return told, json.loads((tmp_path / "ready.json").read_text())


def test_the_ready_file_says_where_everything_is(tmp_path: Path) -> None:
    assert announced(tmp_path, DEMO)[1] == {
        "hub": "http://127.0.0.1:5000", "shop": "http://127.0.0.1:5001", "site": "site_abc",
        "owner": DEMO["owner"], "operator": DEMO["operator"], "docs": "http://127.0.0.1:5000/api-docs"}
    assert (tmp_path / "ready.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["ready.json"]


def test_the_ready_file_without_the_demo_has_the_same_shape(tmp_path: Path) -> None:
    assert announced(tmp_path, {})[1] == {"hub": "http://127.0.0.1:5000", "shop": None, "site": None, "owner": None,
                                          "operator": None, "docs": "http://127.0.0.1:5000/api-docs"}


def test_the_person_reads_where_to_go_and_how_to_sign_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    announced(tmp_path, DEMO)
    said = capsys.readouterr().out
    for text in ("http://127.0.0.1:5001", "http://127.0.0.1:5000/inbox", "http://127.0.0.1:5000/api-docs",
                 "o@demo.example   pw-o", "p@demo.example   pw-p", str(tmp_path), "Ctrl-C"):
        assert text in said


def test_without_the_demo_it_says_how_to_begin(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    announced(tmp_path, {})
    said = capsys.readouterr().out
    assert "Demo shop" not in said and "scripts.new_business" in said
