"""The text of documents: made once, on the way in, what people read on the page, so that every word is found as one."""

import re
import unicodedata

from hub.lib import text

# Signs that nobody sees, inside words: soft hyphen, zero-width space, word joiner, byte order mark, fillers, shorthand
# and musical controls, tags (Unicode's Default_Ignorable_Code_Point). The joiners of emoji and Persian stay, as do the
# tags behind a black flag, which make the flags of England, Scotland and Wales.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]|(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]+")
# Letters as print forms them: ligatures, full width, mathematical alphabets, radicals (kinds of Unicode decomposition).
_FORMS = ("<wide>", "<narrow>", "<font>", "<initial>", "<medial>", "<final>", "<isolated>")
_PRINTED = re.compile("[\u2100-\u214f\u2e80-\u2fdf\ufb00-\ufdff\ufe70-\ufefc\uff01-\uffee\U0001d400-\U0001d7ff]")
_LETTERLIKE = ("\u2100", "\u214f")       # of these № ™ ℃ keep their form
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


def visible(whole: str) -> str:
    """Without the signs that nobody sees and that would split words for whoever searches."""
    return whole if whole.isascii() else _INVISIBLE.sub("", whole)


def readable(whole: str) -> str:
    """`text.clean`, without invisible signs, with ligatures and letters of print as plain letters.

    Raised numbers, fractions, № and ™ keep their form: NFKC would make 102 of 10².
    """
    broken = _LINE_ENDS.sub("\n", whole)
    return text.clean(broken) if broken.isascii() else text.clean(visible(_PRINTED.sub(_plain, broken)))


def _plain(found: re.Match[str]) -> str:
    char = found.group()
    kind = unicodedata.decomposition(char).partition(" ")[0]
    is_letterlike = _LETTERLIKE[0] <= char <= _LETTERLIKE[1]
    is_form = kind in _FORMS or (kind == "<compat>" and not is_letterlike)
    return unicodedata.normalize("NFKC", char) if is_form else char
