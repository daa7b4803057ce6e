"""GET /files/<id>: an uploaded file, for whoever has an address that is signed and not over."""

from collections.abc import Iterator

from flask import Response, request, send_file

from hub.access import identity
from hub.access.roles import Permission
from hub.api.kit.surface import Surface, coded_error
from hub.api.kit.table import get
from hub.lib import file_types
from hub.models.base import connection as database
from hub.models.platform.file import File, FileKind
from hub.services import files
from hub.web.schema import In

# Whatever it is, it runs nothing, loads nothing and stands in nobody's frame.
_PIECE = 1 << 18
_CSP = "default-src 'none'; sandbox; frame-ancestors 'none'"


class AddressQuery(In):
    """What makes an address one of ours."""

    expires: str = ""
    signature: str = ""


def show(file: str, query: AddressQuery) -> Response:
    """Send the file: pictures to be shown, everything else to be saved."""
    row = files.by_address(file, query.expires, query.signature)
    if row.kind == FileKind.EXPORT:
        return _in_parts(row)
    content = files.opened(row)
    mime = file_types.of(content.read(file_types.HEAD))     # the bytes decide, not what a row says about them
    content.seek(0)
    is_picture = mime in file_types.PICTURES
    response = send_file(content, mime if is_picture else _saved_as(mime), as_attachment=not is_picture,
                         download_name=row.name, etag=row.sha256, max_age=300)
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"       # the widget shows it on other sites
    response.headers["Cache-Control"] = "private, max-age=300"
    response.content_length = int(row.size)
    response.make_conditional(request, accept_ranges=True, complete_length=int(row.size))
    return response


def _in_parts(row: File) -> Response:
    parts = files.whole(row)
    response = Response(_pieces(parts), mimetype="application/zip", headers={"Cache-Control": "private, no-store"})
    response.headers.set("Content-Disposition", "attachment", filename=row.name)
    response.content_length = sum(part.size for part in parts)
    return response


def _pieces(parts: list[File]) -> Iterator[bytes]:
    for part in parts:
        with database(), files.opened(part) as content:
            while piece := content.read(_PIECE):
                yield piece


def _saved_as(mime: str) -> str:
    return mime if mime == "application/pdf" else file_types.UNKNOWN


surface = Surface("files", ("/files/",), lambda permission: identity.anonymous(), coded_error, {})
surface.table("files", get("/files/<file>", show, permission=Permission.ANYBODY, plain="application/octet-stream"))
