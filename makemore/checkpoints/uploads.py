"""Reads what somebody sends as a checkpoint, a zip or its files, and packs one as a zip. Opens no file.

Nothing is believed: names are looked at before anything is unpacked, and what is unpacked is counted.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import COPY, TENSORS, TRAJECTORY

MOST_BYTES = 16_000_000  # unpacked, all files of a checkpoint together
MOST_NAME = 60
ENDINGS = (TRAJECTORY, TENSORS, COPY)  # the longest first: each ends as the next one may
ZIP_START = b"PK"
Files = dict[str, bytes]  # by ending

_DAMAGE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    OverflowError,
    RuntimeError,
)


def read_upload(sent: Mapping[str, bytes]) -> tuple[str, Files]:
    """The name of the checkpoint that these files by name are, or the zip among them, and its files.

    Raises CheckpointError for anything that is no such file, and for too much of it. What is in the
    files `store.loads` has to check.
    """
    found: dict[str, bytes] = {}
    for name, content in sent.items():
        inside = _unzip(name, content) if content.startswith(ZIP_START) else {name: content}
        if twice := found.keys() & inside.keys():
            raise CheckpointError(f"{_short(min(twice))} comes twice; send it once")
        found |= inside
    if not found:
        raise CheckpointError("there is no file; choose NAME.safetensors or a zip with it")
    if (size := sum(map(len, found.values()))) > MOST_BYTES:
        raise CheckpointError(f"{size:,} bytes; the limit is {MOST_BYTES:,}")
    return _sort(found)


def zip_files(name: str, files: Mapping[str, bytes]) -> bytes:
    """The files of a checkpoint as one zip; the same bytes for the same files."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{name}.{ending}"), content)
    return packed.getvalue()


def clean_name(text: str) -> str:
    """The text as a name that a checkpoint can have on any system."""
    kept = re.sub(r"[^\w .+()-]+", "_", text)[:MOST_NAME].strip(" .")
    return kept or "checkpoint"


def _sort(found: Mapping[str, bytes]) -> tuple[str, Files]:
    """The files by their endings. Raises CheckpointError unless they are those of one checkpoint."""
    files: Files = {}
    names = set()
    for each, content in found.items():
        ending = next((ending for ending in ENDINGS if each.endswith(f".{ending}")), None)
        if ending is None:
            raise CheckpointError(
                f"{_short(each)} is no file of a checkpoint; these are NAME.safetensors, "
                "NAME.trajectory.safetensors and NAME.json"
            )
        names.add(each.removesuffix(f".{ending}"))
        files[ending] = content
    if len(names) > 1 or len(files) < len(found):
        raise CheckpointError("these are files of several checkpoints; send one at a time")
    if TENSORS not in files:
        raise CheckpointError("the weights are missing; send NAME.safetensors too")
    return clean_name(names.pop()), files


def _unzip(name: str, content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            for entry in entries:
                _check_entry(entry)
            if len(entries) > len(ENDINGS):
                raise CheckpointError(
                    f"{_short(name)} holds {len(entries):,} files; a checkpoint has at most "
                    f"{len(ENDINGS)}"
                )
            return _unpack(name, archive, entries)
    except CheckpointError:
        raise
    except _DAMAGE as error:
        said = " ".join(str(error).split())[:100]
        raise CheckpointError(f"{_short(name)}: a damaged zip ({said}); get it again") from None


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if re.search(r"[/\\:\0]", entry.filename) or entry.filename.startswith("."):
        raise CheckpointError(
            f"the zip holds {_short(entry.filename)}; it may hold the files of a checkpoint alone, in "
            "no folder"
        )
    if entry.flag_bits & 1 or entry.compress_type not in (
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
    ):
        raise CheckpointError(
            f"{_short(entry.filename)} is encrypted or packed in a way that is not read here; zip it "
            "in the usual way"
        )


def _unpack(
    name: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]
) -> dict[str, bytes]:
    """The contents, of which no more is unpacked than the limit whatever the zip says."""
    found: dict[str, bytes] = {}
    left = MOST_BYTES
    for entry in entries:
        with archive.open(entry) as packed:
            content = packed.read(left + 1)
        left -= len(content)
        if left < 0 or entry.file_size > MOST_BYTES:
            raise CheckpointError(f"{_short(name)}: more than {MOST_BYTES:,} bytes unpacked")
        if entry.filename in found:
            raise CheckpointError(f"{_short(entry.filename)} stands twice in the zip; zip it again")
        found[entry.filename] = content
    return found


def _short(name: str) -> str:
    return f"{name!r:.60}"
