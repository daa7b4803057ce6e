"""What a handler returned, in the dialect of its route: envelopes, pages, spelling."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from pydantic import BaseModel

from hub.access import identity
from hub.api.kit.dialect import Case, Dialect, Pager, page_query
from hub.api.kit.schema import Many, Result
from hub.models import paging
from hub.web import binding

_DONE = {"success": True}


def respond(value: Any, status: int, dialect: Dialect) -> Response:
    """The response to what a handler returned."""
    result = value if isinstance(value, Result) else Result(value)
    status = result.status or status
    headers: dict[str, str] = {}
    shown = _dressed(result.value, status, dialect, headers)
    response = Response(b"" if status in (204, 304) else _json(shown, dialect), status, mimetype="application/json")
    response.headers.extend({**headers, **result.headers})
    for name, cookie in result.cookies.items():
        identity.set_cookie(response, name, cookie)
    return response


def _dressed(value: Any, status: int, dialect: Dialect, headers: dict[str, str]) -> Any:
    if value is None:
        return _DONE
    if isinstance(value, Many):
        return _PAGES[dialect.pager](value, dialect, headers)
    if isinstance(value, list):
        return {dialect.many: value} if dialect.many else value
    return {dialect.one: value} if dialect.one and isinstance(value, BaseModel) else value


def _by_key(many: Many[Any], dialect: Dialect, headers: dict[str, str]) -> Any:
    asked: Any = binding.query(page_query(dialect))
    limit = max(1, min(asked.limit, dialect.most))
    rows, following = paging.behind(many.rows, many.order, asked.after, limit, ascending=many.ascending)
    if following:
        headers["X-Next-After"] = following
        headers["Link"] = f'<{request.path}?{urlencode({**request.args.to_dict(), "after": following})}>; rel="next"'
    items = [many.out(row) for row in rows]
    return {dialect.many: items} if dialect.many else items


def _by_offset(many: Many[Any], dialect: Dialect, headers: dict[str, str]) -> Any:
    asked: Any = binding.query(page_query(dialect))
    rows, total = paging.from_offset(many.rows, many.order, asked.offset, asked.limit, ascending=many.ascending)
    return {dialect.many or "items": [many.out(row) for row in rows], "total": total,
            dialect.spelled("has_more"): asked.offset + len(rows) < total}


def _by_number(many: Many[Any], dialect: Dialect, headers: dict[str, str]) -> Any:
    asked: Any = binding.query(page_query(dialect))
    offset = (asked.page - 1) * asked.limit
    rows, total = paging.from_offset(many.rows, many.order, offset, asked.limit, ascending=many.ascending)
    return {dialect.many or "data": [many.out(row) for row in rows],
            "pagination": {"page": asked.page, "limit": asked.limit, "total": total, "pages": -(-total // asked.limit)}}


_PAGES: Mapping[Pager, Any] = {Pager.KEY: _by_key, Pager.OFFSET: _by_offset, Pager.NUMBERED: _by_number}


def _json(value: Any, dialect: Dialect) -> bytes:
    by_alias, context = dialect.case is Case.CAMEL, dialect.context()

    def plain(item: Any) -> Any:
        if isinstance(item, BaseModel):
            return item.model_dump(mode="json", by_alias=by_alias, context=context)
        raise TypeError(f"{type(item).__name__} is nothing that JSON knows")

    return orjson.dumps(value, plain)
