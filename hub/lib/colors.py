"""Brand colour arithmetic, as the widget's shared/color.js does it: what is painted, and what is written on it.

Contrast as in WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio. Colours are "#rrggbb".
"""

_LIGHT, _DARK = "#ffffff", "#10131a"
_READABLE, _WORTH_DARKENING = 4.5, 3.0


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def brand_on(surface: str, brand: str) -> tuple[str, str]:
    """(fill, ink): the brand so that it is seen on the surface, and a text colour that can be read on it."""
    seen = _ensure(brand, surface, 1.25)
    ink = _LIGHT if contrast(_LIGHT, seen) >= _WORTH_DARKENING else _DARK
    return _ensure(seen, ink, _READABLE), ink


def _luminance(color: str) -> float:
    red, green, blue = (_linear(value) for value in _channels(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(color: str) -> list[int]:
    return [int(color[at:at + 2], 16) for at in (1, 3, 5)]


def _linear(value: int) -> float:
    return value / 3294.6 if value <= 10 else float(((value / 255 + 0.055) / 1.055) ** 2.4)


def _ensure(color: str, surface: str, ratio: float) -> str:
    """The colour nearest to `color` that reaches the ratio against the surface."""
    end = "#000000" if _luminance(surface) > 0.18 else "#ffffff"
    best, share = color, 0.0
    while share <= 1 and contrast(best, surface) < ratio:
        best = _mix(color, end, share)
        share += 0.04
    return best


def _mix(base: str, over: str, share: float) -> str:
    pairs = zip(_channels(base), _channels(over), strict=True)
    return "#" + "".join(f"{round(value + (top - value) * share):02x}" for value, top in pairs)
