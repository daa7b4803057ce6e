"""docs/nginx.conf and docs/compose.yaml agree with the program: addresses, headers, hops, settings, commands."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub.lib.proxies import Proxies
from hub.live import streams
from hub.settings import Settings
from scripts.options import ROOT
from tests.docs.nginx import Block

_NGINX = Block.read((ROOT / "docs" / "nginx.conf").read_text("utf-8"))
_COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "compose.yaml").read_text("utf-8"))
_SERVICES: dict[str, dict[str, Any]] = _COMPOSE["services"]
_OURS = {name: service for name, service in _SERVICES.items() if service["image"] == "parley"}
_PROCFILE = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text("utf-8").splitlines())
_SETTINGS = {field.metadata["env"]: field for field in fields(Settings)}
_SERVER = next(block for block in _NGINX.find("server") if block.find("location"))
_HOPS = int(_SERVICES["web"]["environment"]["TRUST_PROXY"])


def seconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([smh])", text).groups()     # type: ignore[union-attr]
    return int(number) * {"s": 1, "m": 60, "h": 3600}[unit]


def open_ones(web: Any) -> list[str]:
    """The addresses of connections that stay open, with something in place of each part that varies."""
    return [re.sub(r"<[^>]+>", "0193f1d0", str(rule)) for rule in web.url_map.iter_rules()
            if rule.endpoint.split(".")[0] in ("streams", "sockets")
            or web.view_functions[rule.endpoint].__module__.startswith("hub.live.")]


def test_every_open_connection_passes_nginx_at_once_and_for_long(web: Any) -> None:
    paths = open_ones(web)
    assert {"/widget/live", "/widget/events", "/inbox/events"} <= set(paths)
    for path in paths:
        location = _SERVER.location(path)
        assert (location.one("proxy_buffering"), location.one("gzip")) == ("off", "off"), path
        assert seconds(location.one("proxy_read_timeout")) > 2 * streams._BEAT_S, path
        assert location.one("proxy_http_version") == "1.1", path


def test_every_location_tells_the_hub_who_asks_and_for_what() -> None:
    for location in _SERVER.find("location"):
        assert dict(location.all("proxy_set_header")) == {
            "Host": "$http_host", "X-Forwarded-For": "$proxy_add_x_forwarded_for", "X-Forwarded-Proto": "$scheme",
            "Upgrade": "$http_upgrade", "Connection": "$connection_upgrade"}
        assert location.one("proxy_pass") == "http://parley"
    upgrades = {words[0]: words[1] for words in _NGINX.find("map", "$http_upgrade")[0].directives}
    assert upgrades == {"default": "upgrade", "": ""}


@pytest.mark.parametrize("claimed", ["", "198.51.100.7", "198.51.100.7, 203.0.113.9"])
def test_nobody_can_pass_for_another_address(claimed: str) -> None:
    said = ", ".join(filter(None, [claimed, "192.0.2.44"]))     # what $proxy_add_x_forwarded_for is for 192.0.2.44
    seen: dict[str, Any] = {"REMOTE_ADDR": "172.18.0.9", "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_FOR": said}
    list(Proxies(lambda environ, _: [b""], _HOPS)(seen, lambda *_: lambda _: None))
    assert seen["REMOTE_ADDR"] == "192.0.2.44"
    assert f"TRUST_PROXY={_HOPS}:" in (ROOT / "docs" / "nginx.conf").read_text("utf-8")


def test_nginx_reaches_the_hub_and_takes_what_it_takes() -> None:
    upstream = _NGINX.find("upstream", "parley")[0]
    host, port = upstream.one("server").split(":")
    assert host in _OURS and port == _OURS[host]["environment"]["PORT"]
    keep = re.search(r"^keepalive = (\d+)", (ROOT / "gunicorn.conf.py").read_text("utf-8"), re.MULTILINE)
    assert keep is not None and seconds(upstream.one("keepalive_timeout")) < int(keep[1])
    largest = int(re.fullmatch(r"(\d+)m", _SERVER.one("client_max_body_size"))[1]) << 20   # type: ignore[index]
    assert largest > Settings().max_upload_bytes
    mounted = {volume.split(":")[0] for volume in _SERVICES["nginx"]["volumes"]}
    assert "./nginx.conf" in mounted and (ROOT / "docs" / "nginx.conf").exists()


def test_the_containers_run_what_the_procfile_runs() -> None:
    assert set(_PROCFILE) <= set(_OURS)
    for name, service in _OURS.items():
        command = re.sub(r"^sh -c 'exec (.*)'$", r"\1", service["command"].strip()).replace("$$", "$")
        assert command == _PROCFILE[name], name


def test_their_variables_are_settings_and_make_a_production() -> None:
    for name, service in _OURS.items():
        for variable in service["environment"]:
            assert variable in _SETTINGS or f"${{{variable}:-" in _PROCFILE[name], (name, variable)
    stated = {name: re.sub(r"\$\{\w+:-?\??[^}]*\}", "", value)
              for name, value in _OURS["web"]["environment"].items()}
    settings = Settings.load({**stated, "SESSION_SECRET": "x" * 32, "APP_BASE_URL": "https://chat.example.com",
                              "INTEGRATION_SECRETS_MASTER_KEY": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="})
    assert settings.production and settings.trust_proxy == 1 and not settings.sqlite


def test_every_setting_of_the_file_reaches_those_who_read_settings_and_nobody_else() -> None:
    given = {name for name, service in _SERVICES.items() if service.get("env_file") == "../.env"}
    assert given == set(_OURS) - {"chroma"} and (ROOT / ".env.example").exists()


def test_what_they_reach_is_there() -> None:
    stated = _OURS["web"]["environment"]
    for name in ("DATABASE_URL", "REDIS_URL", "CHROMA_URL"):
        host = re.search(r"(?:@|//)([a-z]+):\d+", stated[name])
        assert host is not None and host[1] in _SERVICES, name
    for service in _SERVICES.values():
        assert set(service.get("depends_on", {})) <= set(_SERVICES)
        assert {volume.split(":")[0] for volume in service.get("volumes", ()) if volume[0] != "."} <= set(
            _COMPOSE["volumes"])


def test_only_nginx_is_reached_from_outside() -> None:
    assert [name for name, service in _SERVICES.items() if "ports" in service or "network_mode" in service] == ["nginx"]


def test_secrets_come_from_outside_and_the_image_holds_none() -> None:
    for service in _SERVICES.values():
        for name, value in (service.get("environment") or {}).items():
            secret = (name in _SETTINGS and _SETTINGS[name].metadata["secret"]) or name.endswith("PASSWORD")
            assert not secret or name == "REDIS_URL" or "${" in value, name
    left_out = Path(ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".env", "data", ".venv", ".git"} <= set(left_out)
