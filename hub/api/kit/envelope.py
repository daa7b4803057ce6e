"""What a handler returned, in the dialect of its route: envelopes, pages, spelling."""

from urllib.parse import urlencode

import orjson
from flask import Response, request
from pydantic import BaseModel

from hub.access import identity
from hub.api.kit.dialect import Case, Dialect, CursorQuery, NumberedQuery, OffsetQuery, page_query
from hub.api.kit.schema import Many, Result
from hub.lib.json_types import JsonObject
from hub.models import paging
from hub.web import binding

_DONE = {"success": True}


def respond(value: object, status: int, dialect: Dialect) -> Response:
    """The response to what a handler returned."""
    result = value if isinstance(value, Result) else Result(value)
    status = result.status or status
    headers: dict[str, str] = {}
    shown = _enveloped(result.value, dialect, headers)
    response = Response(b"" if status in (204, 304) else _json(shown, dialect), status, mimetype="application/json")
    response.headers.extend({**headers, **result.headers})
    for name, cookie in result.cookies.items():
        identity.set_cookie(response, name, cookie)
    return response


def _enveloped(value: object, dialect: Dialect, headers: dict[str, str]) -> object:
    if value is None:
        return _DONE
    if isinstance(value, Many):
        return _list(value, dialect, headers)
    if isinstance(value, list):
        return {dialect.many: value} if dialect.many else value
    return {dialect.one: value} if dialect.one and isinstance(value, BaseModel) else value


def _list(many: Many[object], dialect: Dialect, headers: dict[str, str]) -> object:
    asked = binding.query(page_query(dialect))
    if isinstance(asked, OffsetQuery):
        return _by_offset(many, asked, dialect)
    return _by_number(many, asked, dialect) if isinstance(asked, NumberedQuery) else \
        _by_cursor(many, asked, dialect, headers)


def _by_cursor(many: Many[object], asked: CursorQuery, dialect: Dialect, headers: dict[str, str]) -> object:
    limit = max(1, min(asked.limit, dialect.most))
    rows, following = paging.behind(many.rows, many.order, asked.after, limit, ascending=many.ascending)
    if following:
        headers["X-Next-After"] = following
        headers["Link"] = f'<{request.path}?{urlencode({**request.args.to_dict(), "after": following})}>; rel="next"'
    items = [many.out(row) for row in rows]
    return {dialect.many: items} if dialect.many else items


def _by_offset(many: Many[object], asked: OffsetQuery, dialect: Dialect) -> JsonObject:
    rows, total = paging.from_offset(many.rows, many.order, asked.offset, asked.limit, ascending=many.ascending)
    return {dialect.many or "items": [many.out(row) for row in rows], "total": total,
            dialect.spelled("has_more"): asked.offset + len(rows) < total}


def _by_number(many: Many[object], asked: NumberedQuery, dialect: Dialect) -> JsonObject:
    offset = (asked.page - 1) * asked.limit
    rows, total = paging.from_offset(many.rows, many.order, offset, asked.limit, ascending=many.ascending)
    return {dialect.many or "data": [many.out(row) for row in rows],
            "pagination": {"page": asked.page, "limit": asked.limit, "total": total, "pages": -(-total // asked.limit)}}


def _json(value: object, dialect: Dialect) -> bytes:
    by_alias, context = dialect.case is Case.CAMEL, dialect.context()

    def plain(item: object) -> JsonObject:
        if isinstance(item, BaseModel):
            return item.model_dump(mode="json", by_alias=by_alias, context=context)
        raise TypeError(f"{type(item).__name__} is nothing that JSON knows")

    return orjson.dumps(value, plain)
