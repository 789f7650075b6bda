"""Name lists: what is accepted, what each bad list is told, where a list is looked for, how one is fetched."""

import hashlib
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makemore import names
from makemore.names import NameList, NameListError, fetch_names, load_names, parse_names, read_names
from tests.conftest import FEW, LocalSite

LIST = FEW.replace(" ", "\n").encode()
SHA = hashlib.sha256(LIST).hexdigest()


def after(lines: int, line: bytes) -> bytes:
    """A list whose line number `lines` + 1 is the given one."""
    return b"anna\n" * lines + line + b"\nbea\n" * 20


def test_a_list_keeps_its_order_and_its_doubles() -> None:
    parsed = parse_names(b"anna\nbea\n\n  carl \nanna\r\nDora\re\nf\ng\nh\ni\n", "x.txt")
    assert parsed.names == ("anna", "bea", "carl", "anna", "Dora", "e", "f", "g", "h", "i")
    assert not parsed.made_up


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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, with a made-up list outside of it and no network."""
    made_up = tmp_path / "made_up_names.txt"
    made_up.write_bytes(b"madeup\n" * 10)
    monkeypatch.setattr(names, "FOLDER", tmp_path / "data")
    monkeypatch.setattr(names, "MADE_UP", made_up)
    monkeypatch.setattr(names, "fetch_names", refuse)
    monkeypatch.delenv("MAKEMORE_NAMES", raising=False)
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


def refuse() -> Path:
    raise NameListError("no network")


def fetched(folder: Path) -> Callable[[], Path]:
    def fetch() -> Path:
        (folder / "names.txt").write_bytes(b"fetched\n" * 10)
        return folder / "names.txt"

    return fetch


def test_the_order_of_looking(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = load_names()
    assert (found.names[0], found.made_up, found.label) == ("madeup", True, "made-up names")
    monkeypatch.setattr(names, "fetch_names", fetched(folder))
    assert load_names(download=False).made_up
    assert load_names().names[0] == "fetched"
    (folder / "names.txt").write_bytes(b"local\n" * 10)
    monkeypatch.setattr(names, "fetch_names", refuse)
    assert load_names().names[0] == "local"
    own = folder / "own.txt"
    own.write_bytes(b"own\n" * 10)
    monkeypatch.setenv("MAKEMORE_NAMES", str(own))
    found = load_names()
    assert (found.names[0], found.made_up, found.label) == ("own", False, "own.txt")


def test_a_named_list_that_is_missing_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAKEMORE_NAMES", str(folder / "nowhere.txt"))
    with pytest.raises(NameListError, match=r"nowhere\.txt: No such file"):
        load_names()


def test_the_real_list(real_names: NameList) -> None:
    assert len(real_names.names) == 32_033
    assert real_names.label == "names.txt"


def test_fetching_writes_the_list_once(tmp_path: Path, site: LocalSite) -> None:
    site.body = LIST
    path = fetch_names(site.url, sha256=SHA, folder=tmp_path / "data")
    assert path == tmp_path / "data" / "names.txt"
    assert path.read_bytes() == LIST
    assert fetch_names(site.url, sha256=SHA, folder=tmp_path / "data") == path
    assert site.asked == 1


@pytest.mark.parametrize(
    ("status", "body", "claimed_length", "said"),
    [
        pytest.param(200, LIST + b"eve\n", 0, "SHA-256 is not the expected", id="wrong hash"),
        pytest.param(200, b"", 0, "SHA-256 is not the expected", id="empty"),
        pytest.param(404, LIST, 0, "404", id="404"),
        pytest.param(500, b"", 0, "500", id="500"),
        pytest.param(200, LIST[:50], len(LIST), "no answer|SHA-256", id="cut off"),
    ],
)
def test_a_failed_download_leaves_nothing_behind(
    tmp_path: Path, site: LocalSite, status: int, body: bytes, claimed_length: int, said: str
) -> None:
    site.status, site.body, site.claimed_length = status, body, claimed_length
    with pytest.raises(NameListError, match=said) as caught:
        fetch_names(site.url, sha256=SHA, folder=tmp_path)
    assert "MAKEMORE_NAMES" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_no_server_and_a_server_that_never_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/names.txt"
        with pytest.raises(NameListError, match=r"no answer from 127\.0\.0\.1"):
            fetch_names(url, sha256=SHA, folder=tmp_path, timeout=0.2)
    with pytest.raises(NameListError, match=r"no answer from 127\.0\.0\.1") as caught:
        fetch_names(url, sha256=SHA, folder=tmp_path)
    assert len(str(caught.value)) < 250
    assert list(tmp_path.iterdir()) == []


def test_a_download_says_nothing_where_nobody_watches(
    tmp_path: Path, site: LocalSite, capfd: pytest.CaptureFixture[str]
) -> None:
    site.body = LIST
    fetch_names(site.url, sha256=SHA, folder=tmp_path)
    assert capfd.readouterr() == ("", "")


def test_fetch_never_overwrites_a_list_of_ones_own(tmp_path: Path) -> None:
    own = tmp_path / "names.txt"
    own.write_text("ada\n")
    with pytest.raises(NameListError, match="is another list; move it away"):
        fetch_names("http://127.0.0.1:9/names.txt", folder=tmp_path)
    assert own.read_text() == "ada\n"
