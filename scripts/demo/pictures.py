"""The demo shop's product pictures: palettes, and one SVG per product drawn from a template of its shape."""

INKS = {  # base cloth, its shade, its light, the accent
    "lake": ("#2f6f9f", "#22557c", "#5a9ac8", "#f2a541"),
    "berry": ("#e8933a", "#c67322", "#f6b565", "#2d5a4c"),
    "plum": ("#7d4b6d", "#5f3753", "#a0708f", "#ecbd7b"),
    "moss": ("#5f7f52", "#48633f", "#84a473", "#efc15a"),
    "fern": ("#2f8f75", "#226c58", "#5cb79b", "#f6c95c"),
    "granite": ("#5b6672", "#444d58", "#838f9c", "#e8824f"),
    "rowan": ("#c8503f", "#a03c2f", "#e07c6a", "#f0cf8b"),
    "sand": ("#c9a36a", "#a8824d", "#e0c396", "#2f5d73"),
    "bark": ("#8a5a3c", "#6b442c", "#ad7d58", "#dcb787"),
}
# By page: the far end of every mix; how much of it in sky, glow, far hill and near hill; how dark the dark
# parts are. At night these stay lighter than the sky, or they would vanish.
SCENES = {
    "day": ("#fbfaf6", (0.86, 0.93, 0.78, 0.70), 0.45),
    "night": ("#10171a", (0.84, 0.74, 0.76, 0.66), 0.1),
}


def mix(colour: str, other: str, share: float) -> str:
    """`share` (0..1) of `other` in `colour`, both "#rrggbb"."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def palette(name: str, scene: str = "day") -> dict[str, str]:
    """Every colour a picture may use, by name, for the light ("day") or the dark ("night") page."""
    base, shade, light, accent = INKS[name]
    end, shares, dark = SCENES[scene]
    stage = dict(zip(("sky", "glow", "far", "near"), (mix(base, end, s) for s in shares), strict=True))
    deep = mix(shade, "#12181c", dark)
    shadow = mix(stage["near"], "#0d1214", 0.22 if scene == "day" else 0.45)
    fixed = {"paper": "#f8f3e8", "steel": "#c9d1d6", "flame": "#ffc24a", "tea": "#8a4b22"}
    cloth = {"base": base, "shade": shade, "light": light, "accent": accent, "deep": deep}
    return {**cloth, "shadow": shadow, **stage, **fixed}
