"""The icon of the browser tab: a piece of the count matrix. A Material icon would need the network."""

from functools import cache

from PIL import Image

from makemore.charts.base import palette

_CELLS = ((8, 2, 5), (1, 9, 3), (6, 0, 7))  # places on the sequential scale
SIZE = 48


@cache
def draw_icon() -> Image.Image:
    """A square picture, the same in both themes."""
    picture = Image.new("RGB", (len(_CELLS), len(_CELLS)))
    for y, row in enumerate(_CELLS):
        for x, place in enumerate(row):
            picture.putpixel((x, y), _rgb(palette.SEQUENTIAL[place].light))
    return picture.resize((SIZE, SIZE), Image.Resampling.NEAREST)


def _rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))
