"""What proves who somebody is is compared in constant time: never with == or !=, which stop at the first difference."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.rules.test_sizes import ROOT, files

_PROOF = re.compile(r"(^|_)(signature|secret|password|passwd|hmac|mac|otp|totp|csrf|api_key|token|hash)$|^reveal$")
# No proof: the public token of a site in its page; an empty setting.
FREE = {"tag.token == token"}


def hasty(source: str) -> Iterator[str]:
    """Comparisons of a proof with a value; conditions of queries, which begin at a model, are the database's."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq):
            sides = [node.left, node.comparators[0]]
            if any(_PROOF.search(_called(side)) for side in sides) and not any(map(_is_free, sides)):
                yield ast.unparse(node)


def _is_free(side: ast.expr) -> bool:
    text = ast.unparse(side)
    return isinstance(side, ast.Constant) or text[0].isupper() or text.startswith("cls.")


def _called(node: ast.expr) -> str:
    while isinstance(node, ast.Call):
        node = node.func
    return {ast.Name: lambda: node.id, ast.Attribute: lambda: node.attr}.get(    # type: ignore[attr-defined]
        type(node), lambda: "")()


@pytest.mark.parametrize("source", [
    "given == settings.admin_token", "if signature != made: pass", "channel.secret.reveal() == x", "a.csrf == b"])
def test_a_hasty_comparison_is_seen(source: str) -> None:
    assert list(hasty(source))


def test_a_query_or_a_constant_is_none() -> None:
    assert not list(hasty("ApiKey.token == token, kind == 'token', crypto.same(token, other)"))


def test_there_is_none() -> None:
    found = {f"{name}: {text}" for name in files() if name.startswith(("hub/", "jobs/")) and name.endswith(".py")
             for text in hasty((ROOT / name).read_text("utf-8")) if text not in FREE}
    assert found == set(), "hub/lib/crypto.same"
