"""Turns matrices into PNG data URLs for image marks. Knows no Vega.

One image instead of a hundred thousand rectangles: 20 times faster to paint.
"""

import base64
import io
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from makemore.charts.base import palette

Matrix = npt.NDArray[np.float64] | npt.NDArray[np.float32]


def data_url(pixels: npt.NDArray[np.uint8]) -> str:
    """(rows, columns, 4) RGBA -> data:image/png;base64,…"""
    buffer = io.BytesIO()
    Image.fromarray(pixels, mode=None).save(buffer, format="PNG", optimize=False)
    return _as_url(buffer.getvalue())


def _as_url(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode("ascii")


def diverging(values: Matrix, limit: float) -> str:
    """Blue below zero, orange above, opaque at `limit`; zero lets the page shine through."""
    share = np.clip(np.abs(values) / max(limit, 1e-12), 0, 1)
    pixels = np.zeros((*values.shape, 4), dtype=np.uint8)
    pixels[..., :3] = np.where(
        (values < 0)[..., None], palette.IMAGE_NEGATIVE, palette.IMAGE_POSITIVE
    )
    pixels[..., 3] = np.round(255 * share)
    return data_url(pixels)


def marked(mask: npt.NDArray[np.bool_]) -> str:
    """Near white where the mask holds, dark elsewhere; the same plate in both themes."""
    return _marked(mask.tobytes(), mask.shape)


@lru_cache(maxsize=32)
def _marked(bits: bytes, shape: tuple[int, ...]) -> str:
    """Once for all visitors: packing a picture takes milliseconds, and most see the same one."""
    rows, columns = shape
    image = Image.frombytes("P", (columns, rows), bits)  # a byte a point: 0 or 1
    image.putpalette([*palette.IMAGE_PLAIN, *palette.IMAGE_MARKED])
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", compress_level=1)  # hardly larger, in two thirds of the time
    return _as_url(buffer.getvalue())


def folded(values: Matrix, rows: int) -> Matrix:
    """A vector as `rows` equal rows, padded with zeros: (68,) in 4 rows -> (4, 17)."""
    columns = -(-len(values) // rows)
    block = np.zeros(rows * columns, dtype=values.dtype)
    block[: len(values)] = values
    return block.reshape(rows, columns)
