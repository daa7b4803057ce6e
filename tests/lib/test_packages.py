"""A package of the program: what is not exactly what was signed is refused, whatever it says of itself."""

import json
import shutil
import stat
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.lib import packages, version
from hub.lib.packages import MANIFEST, SIGNATURE, Refused
from tests.updates import KEY, package

PUBLIC = KEY.public_key().public_bytes_raw()
Changed = Callable[[dict[str, bytes]], object]


def changed(path: Path, change: Changed, sign: bool) -> Path:
    """The package with other members; `sign`: by whoever has the key."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    if sign:
        members[SIGNATURE] = KEY.sign(members[MANIFEST])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)
    return path


def named(name: str, digest: str = "0" * 64) -> Changed:
    """The manifest and the package have one file more."""
    def change(members: dict[str, bytes]) -> None:
        said: dict[str, Any] = json.loads(members[MANIFEST])
        members[MANIFEST] = json.dumps({**said, "files": {**said["files"], name: digest}}).encode()
        members[name] = b"x"
    return change


def test_what_was_signed_is_unpacked_byte_by_byte(tmp_path: Path) -> None:
    path = package(tmp_path)
    manifest = packages.check(path, PUBLIC, tmp_path / "to")
    assert (manifest.version, manifest.changelog) == ("9.9.9", "Sorted lists.") and manifest.migrations
    assert {name: (tmp_path / "to" / name).read_bytes() for name in manifest.files} == {
        name: (tmp_path / "program" / name).read_bytes() for name in manifest.files}


@pytest.mark.parametrize(("change", "sign", "says"), [
    (lambda members: members.update({"app.py": b"evil()"}), False, "damaged"),
    (lambda members: members.update({MANIFEST: members[MANIFEST] + b" "}), False, "signature"),
    (lambda members: members.update({SIGNATURE: b"short"}), False, "signature"),
    (lambda members: members.pop(SIGNATURE), False, "damaged"),
    (lambda members: members.update({"hub/more.py": b"evil()"}), False, "other files"),
    (lambda members: members.pop("app.py"), False, "other files"),
    (lambda members: members.update({MANIFEST: b"[]"}), True, "damaged"),
    *((named(name), True, "no file of the program") for name in (
        "../out.py", "/etc/out", "hub/../../out", "hub\\..\\out", "data/hub.db", ".env", "hub/.hidden",
        "hub//a", "tests/a")),
])
def test_what_is_not_as_it_was_signed_is_refused(tmp_path: Path, change: Changed, sign: bool, says: str) -> None:
    path = changed(package(tmp_path), change, sign)
    shutil.rmtree(tmp_path / "program")
    with pytest.raises(Refused, match=says):
        packages.check(path, PUBLIC, tmp_path / "to")
    assert not list(tmp_path.rglob("out*"))


def test_another_key_a_text_and_a_cut_package_are_refused(tmp_path: Path) -> None:
    path = package(tmp_path)
    with pytest.raises(Refused, match="signature"):
        packages.check(path, Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    for content in (b"text", path.read_bytes()[:-100], b""):
        path.write_bytes(content)
        with pytest.raises(Refused, match="damaged"):
            packages.check(path, PUBLIC)


def test_what_grows_is_stopped_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = package(tmp_path, **{"static/zeros": "0" * 3_000_000})
    assert path.stat().st_size < 100_000
    monkeypatch.setattr(packages, "_UNPACKED", 1_000_000)
    with pytest.raises(Refused, match="too large"):
        packages.check(path, PUBLIC)


def test_a_link_and_a_name_that_comes_twice_are_refused(tmp_path: Path) -> None:
    for twice, says in ((True, "other files"), (False, "no file of the program")):
        path = package(tmp_path)
        with zipfile.ZipFile(path) as old:
            members = [(name, old.read(name)) for name in old.namelist()]
        with zipfile.ZipFile(path, "w") as new, warnings.catch_warnings(action="ignore"):
            for name, data in [*members, *(members[-1:] if twice else [])]:
                entry = zipfile.ZipInfo(name)
                entry.external_attr = 0 if twice or name != "app.py" else (stat.S_IFLNK | 0o777) << 16
                new.writestr(entry, data)
        with pytest.raises(Refused, match=says):
            packages.check(path, PUBLIC)


def test_versions_are_compared_number_by_number() -> None:
    assert version.parts("1.10.0") > version.parts("1.9.9") > version.parts("1.9") == () == version.parts("1.9.x")
    assert version.parts(version.VERSION)
