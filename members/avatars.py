"""Avatars, drawn from a number: a little landscape in soft colours. Nobody uploads a picture of themselves (M1)."""

import random

# Hues of the ground, the shape on it and the light over both; calm together on paper and on charcoal.
_SETS = (
    (172, 150, 44), (206, 190, 38), (96, 140, 50), (24, 12, 46), (268, 240, 30), (340, 8, 48),
    (232, 206, 172), (44, 70, 18), (144, 172, 60), (304, 268, 24), (190, 220, 340), (12, 340, 44),
)  # fmt: skip
_SHAPES = ("hills", "leaf", "stones", "waves", "moons", "arches")


def drawn(seed: int) -> str:
    """The same picture for the same seed, as SVG without script, text or anything that is fetched."""
    chance = random.Random(f"avatar {seed}")  # noqa: S311 - a picture, and no secret
    ground, shape, light = chance.choice(_SETS)
    x, y = chance.randint(11, 29), chance.randint(9, 17)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">'
        f'<rect width="40" height="40" fill="hsl({ground} 32% {chance.randint(72, 80)}%)"/>'
        f'<circle cx="{x}" cy="{y}" r="{chance.randint(5, 8)}" fill="hsl({light} 62% 84%)"/>'
        f"{_DRAW[chance.choice(_SHAPES)](chance, shape)}</svg>"
    )


def _colour(hue: int, lightness: int) -> str:
    return f"hsl({hue} 34% {lightness}%)"


def _hills(chance: random.Random, hue: int) -> str:
    first, second = chance.randint(20, 26), chance.randint(26, 32)
    return (
        f'<path d="M0 {first + 4}Q10 {first - 6} 22 {first + 2}T40 {first - 2}V40H0Z" fill="{_colour(hue, 52)}"/>'
        f'<path d="M0 {second}Q{chance.randint(8, 16)} {second - 6} 24 {second}T40 {second - 3}V40H0Z" '
        f'fill="{_colour(hue, 36)}"/>'
    )


def _leaf(chance: random.Random, hue: int) -> str:
    turn = chance.randint(-40, 40)
    return (
        f'<g transform="rotate({turn} 20 24)"><path d="M20 38C8 30 10 16 20 9C30 16 32 30 20 38Z" '
        f'fill="{_colour(hue, 42)}"/><path d="M20 38V15" stroke="{_colour(hue, 74)}" stroke-width="1.4"/></g>'
    )


def _stones(chance: random.Random, hue: int) -> str:
    lean = chance.randint(-2, 2)
    return "".join(
        f'<ellipse cx="{20 + lean * step}" cy="{34 - 7 * step}" rx="{13 - 3 * step}" ry="4.2" '
        f'fill="{_colour(hue, 34 + 9 * step)}"/>'
        for step in range(chance.randint(2, 4))
    )


def _waves(chance: random.Random, hue: int) -> str:
    top = chance.randint(19, 23)
    return "".join(
        f'<path d="M0 {top + 6 * step}q5 -4 10 0t10 0t10 0t10 0V40H0Z" fill="{_colour(hue, 58 - 10 * step)}"/>'
        for step in range(3)
    )


def _moons(chance: random.Random, hue: int) -> str:
    return "".join(
        f'<circle cx="{8 + 12 * step}" cy="{chance.randint(25, 31)}" r="{chance.randint(5, 8)}" '
        f'fill="{_colour(hue, 36 + 8 * step)}"/>'
        for step in range(3)
    )


def _arches(chance: random.Random, hue: int) -> str:
    middle = chance.randint(16, 24)
    return "".join(
        f'<circle cx="{middle}" cy="40" r="{radius}" fill="{_colour(hue, lightness)}"/>'
        for radius, lightness in ((19, 60), (14, 50), (9, 40), (4, 30))
    )


_DRAW = {"hills": _hills, "leaf": _leaf, "stones": _stones, "waves": _waves, "moons": _moons, "arches": _arches}
