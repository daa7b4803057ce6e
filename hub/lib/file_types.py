"""What a file is, by its first bytes: neither its name nor what the sender says about it decides."""

from hub.lib import document_text

TEXT, UNKNOWN = "text/plain", "application/octet-stream"
# (type, what stands there, where). https://www.iana.org/assignments/media-types, and the formats' own specifications.
_SIGNS = (
    ("application/pdf", b"%PDF-", 0), ("image/png", b"\x89PNG\r\n\x1a\n", 0), ("image/jpeg", b"\xff\xd8\xff", 0),
    ("image/gif", b"GIF87a", 0), ("image/gif", b"GIF89a", 0), ("image/webp", b"WEBP", 8), ("audio/wav", b"WAVE", 8),
    ("application/zip", b"PK\x03\x04", 0), ("application/x-7z-compressed", b"7z\xbc\xaf\x27\x1c", 0),
    ("application/gzip", b"\x1f\x8b", 0), ("application/vnd.rar", b"Rar!\x1a\x07", 0), ("audio/ogg", b"OggS", 0),
    ("audio/mpeg", b"ID3", 0), ("audio/mpeg", b"\xff\xfb", 0), ("video/mp4", b"ftyp", 4),
    ("video/webm", b"\x1a\x45\xdf\xa3", 0), ("application/x-msdownload", b"MZ\x90", 0),
    ("application/x-executable", b"\x7fELF", 0), ("application/x-ole-storage", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0))
# What a browser would run when it is shown as if it were a page.
_ACTIVE = (("image/svg+xml", "<svg"), ("text/html", "<!doctype html"), ("text/html", "<html"), ("text/html", "<head"),
           ("text/html", "<script"), ("text/html", "<body"), ("text/html", "<iframe"), ("text/xml", "<?xml"))
# Pictures that every browser shows and that hold nothing to run.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
STILL = PICTURES - {"image/gif"}
# So much of a file is enough to tell.
HEAD = 4_096


def of(head: bytes) -> str:
    """The media type of a file that begins with these bytes."""
    for name, sign, offset in _SIGNS:
        if head[offset:offset + len(sign)] == sign and (offset != 8 or head.startswith(b"RIFF")):
            return name
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF-"):
        return "application/pdf"
    words = document_text.visible(start[:1_024].decode("utf_8", "replace")).lower()
    for name, opening in _ACTIVE:
        if words.lstrip().startswith(opening) or (name == "image/svg+xml" and "<svg" in words):
            return name
    return TEXT if b"\x00" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")) else UNKNOWN
