"""Finds, fetches and checks name lists. Knows nothing of ids or models."""

import hashlib
import os
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from makemore.vocabulary import DOT, MAX_LETTERS

FOLDER = Path(__file__).resolve().parent.parent / "data"
MADE_UP = FOLDER / "made_up_names.txt"
# The list of the lecture, at the commit that the published figures were made with.
NAMES_URL = (
    "https://raw.githubusercontent.com/karpathy/makemore/"
    "988aa59e4d8fefa526d06f3b453ad116258398d4/names.txt"
)
NAMES_SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"

MAX_BYTES = 5_000_000
MAX_NAME = 100
MIN_NAMES = 10  # fewer leave train, dev or test without a name


class NameListError(ValueError):
    """A name list cannot be used; the message gives the line, the limit and the remedy."""


@dataclass(frozen=True)
class NameList:
    """Checked names in the order of their file, where they came from, and the SHA-256 of the text."""

    names: tuple[str, ...]
    source: str
    sha256: str
    made_up: bool = False

    @property
    def label(self) -> str:
        """What to call the list where figures from it are shown."""
        if self.made_up:
            return "made-up names"
        return "names.txt" if self.sha256 == NAMES_SHA256 else Path(self.source).name


def parse_names(content: bytes | str, source: str) -> NameList:
    """Read one name a line; blank lines and outer blanks do not count.

    Raises NameListError when the list is too large, not UTF-8 text, holds a dot, a control
    character or a line over 100 letters, uses over 200 letters, or has fewer than 10 names.
    """
    raw = content.encode("utf-8", errors="surrogatepass") if isinstance(content, str) else content
    if len(raw) > MAX_BYTES:
        raise NameListError(f"{source}: {len(raw):,} bytes; the limit is {MAX_BYTES:,}")
    lines = _decode(raw, source).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    names = [n for number, line in enumerate(lines, 1) if (n := _checked(line, number, source))]
    if len(names) < MIN_NAMES:
        raise NameListError(
            f"{source}: {len(names)} names; at least {MIN_NAMES} are needed, one a line, "
            "so that train, dev and test all get some"
        )
    letters = len(set().union(*names))
    if letters > MAX_LETTERS:
        raise NameListError(f"{source}: {letters} different letters; the limit is {MAX_LETTERS}")
    return NameList(tuple(names), source, hashlib.sha256(raw).hexdigest())


def _decode(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise NameListError(
            f"{source}, line {line}: not UTF-8 text; save the list as a text file in UTF-8"
        ) from None


def _checked(line: str, number: int, source: str) -> str:
    name = unicodedata.normalize("NFC", line).strip()
    if len(name) > MAX_NAME:
        raise NameListError(
            f"{source}, line {number}: {len(name):,} letters; the limit is {MAX_NAME} a name"
        )
    if DOT in name:
        raise NameListError(
            f"{source}, line {number}: a name must not hold a dot, which marks its start and end"
        )
    bad = next((c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn")), None)
    if bad is not None:
        raise NameListError(
            f"{source}, line {number}: control character U+{ord(bad):04X}; is this a text file?"
        )
    return name


def read_names(path: Path) -> NameList:
    """Read and check a file. Raises NameListError, also when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NameListError(
                f"{path}: {path.stat().st_size:,} bytes; the limit is {MAX_BYTES:,}"
            )
        parsed = parse_names(path.read_bytes(), path.name)
    except OSError as error:
        raise NameListError(
            f"{path}: {error.strerror}; give a text file with one name a line"
        ) from None
    made_up = MADE_UP.exists() and path.samefile(MADE_UP)
    return NameList(parsed.names, str(path), parsed.sha256, made_up)


def fetch_names(
    url: str = NAMES_URL,
    *,
    sha256: str = NAMES_SHA256,
    folder: Path = FOLDER,
    progress: bool = True,
    timeout: float = 5.0,
) -> Path:
    """Download names.txt into the folder unless it is there already; return its path.

    Raises NameListError when there is no connection, the content is not the expected one, or another
    list lies there already.
    """
    place = folder / "names.txt"
    if place.exists() and hashlib.sha256(place.read_bytes()).hexdigest() != sha256:
        raise NameListError(f"{place} is another list; move it away to fetch the real one")
    import pooch  # only a download needs it and the HTTP stack behind it

    pooch.get_logger().setLevel("WARNING")  # whoever asked is told the path anyway
    shown = progress and sys.stderr.isatty()
    try:
        return Path(
            pooch.retrieve(
                url,
                known_hash=f"sha256:{sha256}",
                fname="names.txt",
                path=folder,
                downloader=pooch.HTTPDownloader(progressbar=shown, timeout=timeout),
            )
        )
    except (OSError, ValueError) as error:  # requests' errors are OSErrors
        raise NameListError(
            f"could not fetch names.txt: {_why_no_fetch(error, url)}; put the file at {place} "
            "or let MAKEMORE_NAMES name it"
        ) from None


def _why_no_fetch(error: OSError | ValueError, url: str) -> str:
    if isinstance(error, ValueError):
        return "its SHA-256 is not the expected one"
    response = getattr(error, "response", None)
    if response is None:
        return error.strerror or f"no answer from {urlsplit(url).netloc}"
    response.close()  # pooch leaves the connection of a refused request open
    return str(error)


def load_names(*, download: bool = True) -> NameList:
    """The list to work with: `MAKEMORE_NAMES`, else data/names.txt, else a download, else made-up names.

    Raises NameListError when the file that `MAKEMORE_NAMES` names is missing or unusable.
    """
    if named := os.environ.get("MAKEMORE_NAMES"):
        return read_names(Path(named))
    if (local := FOLDER / "names.txt").exists():
        return read_names(local)
    if download:
        try:
            return read_names(fetch_names())
        except NameListError:
            pass  # no network is no reason to stop: the made-up list says what it is
    return read_names(MADE_UP)
