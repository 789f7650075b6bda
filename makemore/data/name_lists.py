"""Finds and checks name lists. Knows nothing of ids or models."""

import hashlib
import os
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from makemore.data.vocabulary import DOT, MAX_LETTERS

FOLDER = Path(__file__).resolve().parents[2] / "data"
# Of the shipped list, which is the lecture's: the published figures were made with these bytes.
NAMES_SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"

NAMES_BYTES = 228_145
# How the SHA-256 of its first so many bytes begins, and twice as many, and so on: tells a part of it.
NAMES_PART = 32_768
NAMES_STARTS = (
    "fef404c888ec",
    "db4fb09100a1",
    "9d92f93bc562",
    "f7645d356216",
    "3f4be23e10a7",
    "28efc6f132bf",
)

REMEDY = "restore it with `git checkout data/names.txt`, or name another list with MAKEMORE_NAMES"

MAX_BYTES = 5_000_000
MAX_NAME = 100
MIN_NAMES = 10  # fewer leave train, dev or test without a name
SHOWN = 5  # lines that cannot be used, of which it is told why


class NameListError(ValueError):
    """A name list cannot be used; the message gives the line, the limit and the remedy."""


@dataclass(frozen=True)
class NameList:
    """Checked names in the order of their file, where they came from, and the SHA-256 of the text.

    `changed`: it lies in the place of the shipped list, and is another. `fetched`: of a list that is
    the beginning of the shipped one, as when a download broke off, how many bytes of it are there.
    """

    names: tuple[str, ...]
    source: str
    sha256: str
    changed: bool = False
    fetched: int = 0

    @property
    def label(self) -> str:
        """What to call the list where figures from it are shown."""
        if self.changed:
            return "names.txt (changed)"
        return "names.txt" if self.sha256 == NAMES_SHA256 else Path(self.source).name

    @property
    def warning(self) -> str:
        """The sentence to say once where the list is used; empty for a list that is as it should be."""
        if self.fetched:
            again = REMEDY if self.changed else "fetch it again"
            return (
                f"{'data/names.txt' if self.changed else self.source} is cut short: it has "
                f"{self.fetched:,} of the {NAMES_BYTES:,} bytes of the known list; {again}"
            )
        if not self.changed:
            return ""
        return (
            f"data/names.txt is not the list that the figures belong to (SHA-256 differs); {REMEDY}"
        )


def parse_names(content: bytes | str, source: str) -> NameList:
    """Read one name a line; blank lines and outer blanks do not count.

    Raises NameListError when the list is too large, not UTF-8 text, holds a dot, a control
    character or a line over 100 letters, uses over 200 letters, or has fewer than 10 names.
    """
    read = read_lines(content, source)
    for line in read.rejected:
        raise NameListError(f"{source}, line {line.number}: {line.why}")
    return read.to_list()


@dataclass(frozen=True)
class Rejected:
    """A line that is no name; numbers count from 1."""

    number: int
    why: str


@dataclass(frozen=True)
class Reading:
    """What a text holds, before it is used: its names, and the lines that cannot be used.

    rejected: the first SHOWN of them; rejections: how many there are. lines: of the text, blank ones too.
    """

    names: tuple[str, ...]
    source: str
    sha256: str
    lines: int
    rejected: tuple[Rejected, ...]
    rejections: int

    @property
    def letters(self) -> str:
        """Every letter of the names once, sorted."""
        return "".join(sorted(set().union(*self.names)))

    @property
    def repeated(self) -> int:
        """How many names stand there that stood there before."""
        return len(self.names) - len(set(self.names))

    @property
    def trouble(self) -> str:
        """Why these names are no list, with the limit; "" if they are one."""
        if len(self.names) < MIN_NAMES:
            return (
                f"{self.source}: {len(self.names)} names; at least {MIN_NAMES} are needed, one a line, "
                "so that train, dev and test all get some"
            )
        letters = len(self.letters)
        if letters > MAX_LETTERS:
            return f"{self.source}: {letters} different letters; the limit is {MAX_LETTERS}"
        return ""

    def to_list(self) -> NameList:
        """The names as a list, without the rejected lines. Raises NameListError."""
        if self.trouble:
            raise NameListError(self.trouble)
        return NameList(self.names, self.source, self.sha256)


def read_lines(content: bytes | str, source: str) -> Reading:
    """Read one name a line and say which lines are none; blank lines and outer blanks do not count.

    Raises NameListError for a text that is too large or not UTF-8.
    """
    raw = content.encode("utf-8", errors="surrogatepass") if isinstance(content, str) else content
    if len(raw) > MAX_BYTES:
        raise NameListError(f"{source}: {len(raw):,} bytes; the limit is {MAX_BYTES:,}")
    text = _decode(raw, source).replace("\r\n", "\n").replace("\r", "\n")
    bad = frozenset(c for c in set(text) - {"\n"} if _is_control(c))
    names: list[str] = []
    once: dict[str, str] = {}  # a name that stands there again takes no room of its own
    rejected: list[Rejected] = []
    number = rejections = 0
    for number, line in enumerate(_lines(text), 1):
        name = unicodedata.normalize("NFC", line).strip()
        if why := _fault(name, bad):
            rejections += 1
            if len(rejected) < SHOWN:
                rejected.append(Rejected(number, why))
        elif name:
            names.append(once.setdefault(name, name))
    # Of a text with lines that cannot be used, the list is another one than the text.
    kept = "\n".join(names).encode() if rejections else raw
    sha256 = hashlib.sha256(kept).hexdigest()
    return Reading(tuple(names), source, sha256, number, tuple(rejected), rejections)


def _lines(text: str) -> Iterator[str]:
    """One after the other: all at once they take twenty times the room of the text."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def _decode(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NameListError(
            f"{source}, line {line}: not UTF-8 text; save the list as a text file in UTF-8"
        ) from None


def _fault(name: str, bad: frozenset[str]) -> str:
    """Why a line is no name, "" if it is one; `bad` are the control characters of the text."""
    if len(name) > MAX_NAME:
        return f"{len(name):,} letters; the limit is {MAX_NAME} a name"
    if DOT in name:
        return "a name must not hold a dot, which marks its start and end"
    found = next((c for c in name if c in bad), "") if bad else ""
    return f"control character U+{ord(found):04X}; is this a text file?" if found else ""


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn")


def read_names(path: Path) -> NameList:
    """Read and check a file. Raises NameListError, also when it cannot be read or is none."""
    try:
        about = path.stat()
        if not (
            S_ISREG(about.st_mode) or S_ISDIR(about.st_mode)
        ):  # it might never end, or never begin
            raise NameListError(f"{path}: not a file; give a text file with one name a line")
        if about.st_size > MAX_BYTES:
            raise NameListError(f"{path}: {about.st_size:,} bytes; the limit is {MAX_BYTES:,}")
        raw = path.read_bytes()
        parsed = parse_names(raw, path.name)
    except OSError as error:
        raise NameListError(
            f"{path}: {error.strerror}; give a text file with one name a line"
        ) from None
    return replace(parsed, source=str(path), fetched=_fetched(raw))


def _fetched(raw: bytes) -> int:
    """Of the beginning of the shipped list its bytes, else 0; a few names may be a list of their own."""
    parts = len(raw) // NAMES_PART
    if not 1 <= parts <= len(NAMES_STARTS) or len(raw) >= NAMES_BYTES:
        return 0
    start = hashlib.sha256(raw[: parts * NAMES_PART]).hexdigest()
    return len(raw) if start.startswith(NAMES_STARTS[parts - 1]) else 0


def load_names() -> NameList:
    """The list to work with: the file that `MAKEMORE_NAMES` names, else the shipped data/names.txt.

    A shipped list of another SHA-256 is still a list, marked as `changed`. Raises NameListError when
    the file is missing or unusable.
    """
    if named := os.environ.get("MAKEMORE_NAMES"):
        return read_names(Path(named))
    place = FOLDER / "names.txt"
    if not place.exists():
        raise NameListError(f"data/names.txt is missing; {REMEDY}")
    try:
        found = read_names(place)
    except NameListError as error:
        raise NameListError(f"data/names.txt cannot be used ({error}); {REMEDY}") from None
    return replace(found, changed=found.sha256 != NAMES_SHA256)
