"""Turns matrices into PNG data URLs for image marks. Knows no Vega.

One image instead of a hundred thousand rectangles: 20 times faster to paint.
"""

import base64
import io
import struct
import zlib
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
    return _marked(np.packbits(mask, axis=1).tobytes(), mask.shape)


@lru_cache(maxsize=32)
def _marked(bits: bytes, shape: tuple[int, ...]) -> str:
    """Once for all visitors, as most see the same one. bits: a row of pixels from each new byte on.

    Written out here: Pillow takes five times as long for a file that is a quarter larger, which is felt
    where a slider moves. Source: the PNG specification, 11.2, colour type 3 with one bit a pixel.
    """
    rows, columns = shape
    packed = np.frombuffer(bits, dtype=np.uint8).reshape(rows, -1)
    lines = np.pad(packed, ((0, 0), (1, 0)))  # a line begins with its filter: 0, none
    header = struct.pack(">IIBBBBB", columns, rows, 1, 3, 0, 0, 0)
    plate = bytes([*palette.IMAGE_PLAIN, *palette.IMAGE_MARKED])
    parts = {
        b"IHDR": header,
        b"PLTE": plate,
        b"IDAT": zlib.compress(lines.tobytes(), 3),
        b"IEND": b"",
    }
    return _as_url(
        b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts.items())
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def folded(values: Matrix, rows: int) -> Matrix:
    """A vector as `rows` equal rows, padded with zeros: (68,) in 4 rows -> (4, 17)."""
    columns = -(-len(values) // rows)
    block = np.zeros(rows * columns, dtype=values.dtype)
    block[: len(values)] = values
    return block.reshape(rows, columns)
