"""Name lists: what is accepted, what each bad list is told, where a list is looked for, and the shipped one."""

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore.data import name_lists
from makemore.data.name_lists import NameList, NameListError, load_names, parse_names, read_names

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "data" / "names.txt"
SHA256 = "0a30b5557f192f32ab962680889aac5f6fda0f4cecf40a6d0b5694f58ea8cc4d"
REMEDY = "restore it with `git checkout data/names.txt`, or name another list with MAKEMORE_NAMES"


def after(lines: int, line: bytes) -> bytes:
    """A list whose line number `lines` + 1 is the given one."""
    return b"anna\n" * lines + line + b"\nbea\n" * 20


def test_a_list_keeps_its_order_and_its_doubles() -> None:
    parsed = parse_names(b"anna\nbea\n\n  carl \nanna\r\nDora\re\nf\ng\nh\ni\n", "x.txt")
    assert parsed.names == ("anna", "bea", "carl", "anna", "Dora", "e", "f", "g", "h", "i")
    assert not parsed.changed


def test_text_and_its_bytes_are_the_same_list() -> None:
    text = "zoë\nåsa\n" * 6
    assert parse_names(text, "x") == parse_names(text.encode(), "x")
    marked = parse_names(b"\xef\xbb\xbf" + text.encode(), "x")  # a byte order mark is no letter
    assert marked.names == parse_names(text, "x").names


def test_names_are_composed() -> None:
    assert parse_names("zoe\u0308\n" * 10, "x").names == ("zoë",) * 10


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", ["0 names", "at least 10"], id="empty"),
        pytest.param(b"\n \n\t\n", ["0 names", "at least 10"], id="blank"),
        pytest.param(b"anna\n", ["1 names", "at least 10"], id="one name"),
        pytest.param(b"anna\n" * 9, ["9 names", "at least 10"], id="nine names"),
        pytest.param(b"a" * 5_000_001, ["5,000,001 bytes", "limit is 5,000,000"], id="too large"),
        pytest.param(after(3, b"\x00\x01"), ["line 4", "U+0000", "text file"], id="binary"),
        pytest.param(after(4, b"\x89PNG\xff"), ["line 5", "UTF-8"], id="bytes"),
        pytest.param(after(6, "zoë".encode("latin-1")), ["line 7", "UTF-8"], id="latin-1"),
        pytest.param("anna\n".encode("utf-16") * 20, ["line 1", "UTF-8"], id="utf-16"),
        pytest.param(after(1, b"a" * 10_000), ["line 2", "10,000", "limit is 100"], id="long line"),
        pytest.param(after(1, b"a" * 101), ["line 2", "101", "limit is 100"], id="one too long"),
        pytest.param(after(8, b"a.b"), ["line 9", "dot"], id="dot"),
        pytest.param(after(0, b"a\tb"), ["line 1", "U+0009"], id="tab"),
        pytest.param(
            "\n".join(map(chr, range(0x4E00, 0x4E00 + 201))),
            ["201 different letters", "limit is 200"],
            id="201 letters",
        ),
        pytest.param("\ud800\n" * 20, ["line 1", "UTF-8"], id="half a character"),
    ],
)
def test_a_bad_list_is_told_line_and_limit(content: bytes | str, said: list[str]) -> None:
    with pytest.raises(NameListError) as caught:
        parse_names(content, "mine.txt")
    message = str(caught.value)
    assert message.startswith("mine.txt")
    assert all(part in message for part in said), message
    assert "\n" not in message
    assert len(message) < 200


@pytest.mark.parametrize("content", [b"anna\n" * 10, after(2, b"a" * 100), b"anna\n" * 1_000_000])
def test_what_lies_just_inside_the_limits_is_taken(content: bytes) -> None:
    assert len(parse_names(content, "x").names) >= 10


LINES = st.lists(st.text(max_size=8), min_size=10)


@given(st.binary() | LINES.map(lambda lines: "\n".join(lines).encode("utf-8", "surrogatepass")))
def test_any_bytes_are_a_list_or_a_message(content: bytes) -> None:
    try:
        parsed = parse_names(content, "x")
    except NameListError:
        return
    assert len(parsed.names) >= 10
    assert all(0 < len(name) <= 100 and "." not in name for name in parsed.names)


@pytest.mark.parametrize("what", ["missing", "folder", "large"])
def test_a_file_that_cannot_be_read(tmp_path: Path, what: str) -> None:
    path = tmp_path / what
    if what == "folder":
        path.mkdir()
    elif what == "large":
        with path.open("wb") as file:
            file.truncate(10 * 2**30)  # sparse: it takes no room, and must take no memory
    said = {"missing": "No such file", "folder": "directory", "large": "limit is 5,000,000"}
    with pytest.raises(NameListError, match=said[what]):
        read_names(path)


def test_the_shipped_list_is_the_courses(real_names: NameList) -> None:
    raw = SHIPPED.read_bytes()
    assert (len(raw), hashlib.sha256(raw).hexdigest()) == (228_145, SHA256)
    assert len(real_names.names) == 32_033
    found = load_names()
    assert (found.names, found.label) == (real_names.names, "names.txt")
    assert (found.changed, found.warning) == (False, "")


def test_what_is_written_beside_the_list_is_true() -> None:
    text = (SHIPPED.parent / "README.md").read_text(encoding="utf-8")
    for said in (SHA256, "228,145 bytes", "32,033", "git checkout data/names.txt"):
        assert said in text


def test_no_checkout_changes_its_line_ends() -> None:
    lines = (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()
    assert "data/names.txt -text" in lines


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in the place of data/."""
    monkeypatch.setattr(name_lists, "FOLDER", tmp_path)
    return tmp_path


def test_a_list_that_is_named_comes_before_the_shipped_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "names.txt").write_bytes(b"local\n" * 10)
    assert load_names().names[0] == "local"
    own = folder / "own.txt"
    own.write_bytes(b"own\n" * 10)
    monkeypatch.setenv("MAKEMORE_NAMES", str(own))
    found = load_names()
    assert (found.names[0], found.label, found.source) == ("own", "own.txt", str(own))


def test_a_named_list_that_is_missing_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "names.txt").write_bytes(SHIPPED.read_bytes())
    monkeypatch.setenv("MAKEMORE_NAMES", str(folder / "nowhere.txt"))
    with pytest.raises(NameListError, match=r"nowhere\.txt: No such file") as caught:
        load_names()
    assert "git checkout" not in str(caught.value)


CHANGES = {
    "another name": lambda raw: raw + b"\nzora",
    "one letter": lambda raw: raw.replace(b"emma", b"emna", 1),
    "a line end": lambda raw: raw + b"\n",
    "line ends of Windows": lambda raw: raw.replace(b"\n", b"\r\n"),
    "cut off within its first part": lambda raw: raw[:20_000],
    "a name less": lambda raw: raw.replace(b"olivia\n", b"", 1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_shipped_list_is_used_and_says_what_it_is(folder: Path, change: str) -> None:
    (folder / "names.txt").write_bytes(CHANGES[change](SHIPPED.read_bytes()))
    found = load_names()
    assert found.names[0] == ("emna" if change == "one letter" else "emma")
    assert found.changed
    assert found.label == "names.txt (changed)"
    assert found.warning == (
        f"data/names.txt is not the list that the figures belong to (SHA-256 differs); {REMEDY}"
    )


@pytest.mark.parametrize("size", [32_768, 100_000, 228_144])
def test_a_list_that_was_half_fetched_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    (folder / "names.txt").write_bytes(SHIPPED.read_bytes()[:size])
    told = f"is cut short: it has {size:,} of the 228,145 bytes of the known list"
    assert load_names().warning == f"data/names.txt {told}; {REMEDY}"
    named = folder / "fetched.txt"
    named.write_bytes(SHIPPED.read_bytes()[:size])
    monkeypatch.setenv("MAKEMORE_NAMES", str(named))
    assert load_names().warning == f"{named} {told}; fetch it again"


def test_what_is_known_of_the_shipped_list_is_that_of_its_file() -> None:
    raw = SHIPPED.read_bytes()
    assert len(raw) == name_lists.NAMES_BYTES
    ends = range(name_lists.NAMES_PART, len(raw), name_lists.NAMES_PART)
    starts = [hashlib.sha256(raw[:end]).hexdigest() for end in ends]
    assert len(starts) == len(name_lists.NAMES_STARTS)
    for whole, start in zip(starts, name_lists.NAMES_STARTS, strict=True):
        assert whole.startswith(start)
        assert len(start) == 12


@pytest.mark.parametrize("kind", ["device", "pipe"])
def test_what_is_no_file_is_not_read(folder: Path, kind: str) -> None:
    """A device may never end, and a pipe may never begin."""
    place = Path("/dev/zero")
    if kind == "pipe":
        place = folder / "pipe"
        os.mkfifo(place)
    with pytest.raises(NameListError, match="not a file"):
        read_names(place)


def test_no_other_list_is_called_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "names.txt").write_bytes(b"local\n" * 10)
    monkeypatch.setenv("MAKEMORE_NAMES", str(folder / "names.txt"))
    lists = [
        load_names(),
        read_names(folder / "names.txt"),
        parse_names(b"local\n" * 10, "names.txt"),
    ]
    assert [(each.changed, each.warning, each.label) for each in lists] == [
        (False, "", "names.txt")
    ] * 3


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param(None, "is missing", id="missing"),
        pytest.param(b"", "0 names", id="empty"),
        pytest.param(b"emma\n" * 40 + b"\x00\xff" * 9, "line 41: not UTF-8", id="bytes"),
        pytest.param(b"<<<<<<< HEAD\nem.ma\n" * 20, "line 2: a name must not", id="no names"),
    ],
)
def test_a_shipped_list_that_is_none_any_more_tells_the_remedy(
    folder: Path, content: bytes | None, why: str
) -> None:
    if content is not None:
        (folder / "names.txt").write_bytes(content)
    with pytest.raises(NameListError, match=why) as caught:
        load_names()
    message = str(caught.value)
    assert message.startswith("data/names.txt ")
    assert message.endswith(REMEDY)
    assert "\n" not in message
