"""Damages checkpoints as somebody might upload them: zips, single files, whatever names they have.

A part of `python -m tests.bench.attack`. What is taken in must be what was made, or vouched for and such
that all who read it can; everything else must end in the promised error. The largest memory is told.
"""

import random
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from makemore.checkpoints import store, uploads
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.device import use_one_thread
from tests.bench.alone import alone
from tests.bench.attack.count import Count
from tests.bench.attack.mutations import (
    DAMAGES,
    can_be_read,
    checkpoint_parts,
    damage_parts,
    is_same,
    note_memory,
)
from tests.checkpoints.forging import Parts

UPLOADS = 10_000
NAMES = (
    "m", "../m", "/etc/passwd", "a/m", "a\\m", "c:m", ".m", "", "m\0", "con", "x" * 5_000, "m.trajectory",
    "\U0001f600", "__MACOSX/m", "m.pt", "%2e%2e%2fm",
)  # fmt: skip
HOWS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)


def _zipped(files: Mapping[str, bytes], drawn: random.Random) -> bytes:
    """A zip of these files, at times with too much in it, or with more than there is said to be."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", drawn.choice(HOWS)) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name.replace("\0", "")), content)
        if drawn.random() < 0.03:
            archive.writestr("big.json", bytes(30_000_000), zipfile.ZIP_DEFLATED)
        if drawn.random() < 0.03:
            for i in range(drawn.choice((1, 40, 3_000))):
                archive.writestr(f"{i}.json", b"{}")
    return packed.getvalue()


def _sent(parts: Parts, drawn: random.Random) -> dict[str, bytes]:
    """The files as they are sent."""
    name = "m" if drawn.random() < 0.8 else drawn.choice(NAMES)
    files = {f"{name}.{ending}": content for ending, content in parts.items()}
    if drawn.random() < 0.1:
        files.pop(drawn.choice(sorted(files)))
    if drawn.random() < 0.3:
        return files
    packed = _zipped(files, drawn)
    if drawn.random() < 0.4:
        packed = drawn.choice(DAMAGES)(packed, drawn)
    return {"m.zip": packed}


def damage_uploads(times: int, seed: int, *, vouched: bool) -> Count:
    """Send so many damaged checkpoints."""
    use_one_thread()
    drawn = random.Random(f"{seed} uploads {vouched}")
    count = Count(f"uploads, {'vouched' if vouched else 'damaged'}")
    with tempfile.TemporaryDirectory() as place:
        good = checkpoint_parts(Path(place))
    wanted = [_loaded("m", dict(parts)) for parts in good]
    for _ in range(times):
        which = drawn.randrange(len(good))
        parts = damage_parts(good[which], drawn, vouched=vouched)
        count.tried += 1
        try:
            name, files = uploads.read_upload(_sent(parts, drawn))
            found = _loaded(name, files)
            sound = can_be_read(found) if vouched else is_same(found, wanted[which])
        except CheckpointError:
            count.promised += 1
        except Exception as error:
            count.others[type(error).__name__] += 1
        else:
            count.lost += not sound
    note_memory(count)
    return count


def _loaded(name: str, files: Mapping[str, bytes]) -> Checkpoint:
    return store.loads(
        name, files["safetensors"], files.get("trajectory.safetensors"), files.get("json")
    )


def attack(share: float, seed: int) -> Iterator[Count]:
    """UPLOADS mutations, half of them by somebody who knows how to vouch for them."""
    for vouched in (False, True):
        yield alone(_uploads, max(1, round(UPLOADS * share / 2)), seed, vouched)


def _uploads(times: int, seed: int, vouched: bool) -> Count:
    return damage_uploads(times, seed, vouched=vouched)
