"""Damages name lists as somebody might paste, upload or name them, and looks what is made of them.

A part of `python -m tests.bench.attack`. What is taken must be what another reader reads in the same
text, line for line, and a bigram must count it to its last letter; everything else must end in the
promised error. The largest memory is told.
"""

import contextlib
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from makemore.data.examples import Split
from makemore.data.name_lists import (
    FOLDER,
    NameList,
    NameListError,
    Reading,
    parse_names,
    read_lines,
    read_names,
)
from makemore.device import use_one_thread
from makemore.ui.kit.chosen_list import ChosenList
from tests.bench.alone import alone, peak_mb
from tests.bench.attack.count import Count
from tests.bench.attack.mutations import note_memory

LISTS, AT_ONCE = 10_000, 250
MOST_BYTES, MOST_NAME, LEAST_NAMES, MOST_LETTERS, TOLD = 5_000_000, 100, 10, 200, 5
ODD = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        "", " ", "\t", "\0", "\x1b[31m", "\x7f", "\x85", "\ufeff", "\u200b", "\u200d", "\u202e",
        "\u2028", "\u2029", "\u3000", "\ud800", "\udfff", "\ue000", "\uffff", "\U0010ffff",
        "\U0001f600", "a\u0301\u0301\u0301", "\u1e9e", "\u0130", "\ufb01", "\u0958", ".", "...",
        "a.b", "$x$", "<script>", "![](http://x)", "=1+1", "None", "NaN", "-1", "a" * 100,
        "a" * 101, "a\u0301" * 100, "a" * 100_000, "\r", "\r\r\n", "\n\n",
    )
)  # fmt: skip
FOREIGN = ("utf-16", "utf-32", "utf-8-sig", "latin-1", "cp1253", "shift-jis")
TYPED = ".typed"  # the ending of a file whose list was given as a text
LINE = re.compile("([^\r\n]*)(\r\n|\r|\n|\\Z)")
Content = bytes | str
Damage = st.SearchStrategy[Callable[[bytes], bytes]]


def good_lists() -> list[bytes]:
    """The beginning of the shipped list, the samples, and a list as short as one may be."""
    samples = ("greek_letters.txt", "spanish_towns.txt", "chemical_elements.txt")
    shipped = (FOLDER / "names.txt").read_bytes()
    return [shipped[:3_000], *((FOLDER / file).read_bytes() for file in samples), b"ab\nba\n" * 5]


def _flip(at: list[tuple[float, int]], content: bytes) -> bytes:
    changed = bytearray(content)
    for place, value in at:
        if changed:
            changed[int(place * (len(changed) - 1))] = value
    return bytes(changed)


def _cut(a: float, b: float, content: bytes) -> bytes:
    one, two = sorted((int(a * len(content)), int(b * len(content))))
    return content[:one] + content[two:]


def _put(piece: bytes, where: list[float], content: bytes) -> bytes:
    for place in where:
        at = int(place * len(content))
        content = content[:at] + piece + content[at:]
    return content


def _repeat(times: int, content: bytes) -> bytes:
    return content * min(times, 6_000_000 // max(len(content), 1) + 1)


def _other_code(name: str, content: bytes) -> bytes:
    return content.decode("utf-8", "ignore").encode(name, "ignore")


def _add_letters(first: int, number: int, content: bytes) -> bytes:
    """So many letters more, each a name."""
    letters = "\n".join(map(chr, range(first, first + number)))
    return content + b"\n" + letters.encode("utf-8", "surrogatepass")


def _replace(old: bytes, new: bytes, content: bytes) -> bytes:
    return content.replace(old, new)


PLACE = st.floats(0, 1)
DAMAGES: Damage = st.one_of(
    st.builds(partial, st.just(_flip), st.lists(st.tuples(PLACE, st.integers(0, 255)), max_size=4)),
    st.builds(partial, st.just(_cut), PLACE, PLACE),
    st.builds(partial, st.just(_put), st.sampled_from(ODD), st.lists(PLACE, min_size=1, max_size=7)),
    st.builds(
        partial,
        st.just(_put),
        st.text(max_size=12).map(lambda text: text.encode("utf-8", "surrogatepass")),
        st.lists(PLACE, min_size=1, max_size=3),
    ),
    st.builds(partial, st.just(_put), st.binary(max_size=9), st.lists(PLACE, min_size=1, max_size=2)),
    st.builds(partial, st.just(_repeat), st.sampled_from((2, 2, 2, 3, 40, 10**7))),
    st.builds(partial, st.just(_other_code), st.sampled_from(FOREIGN)),
    st.builds(partial, st.just(_add_letters), st.integers(0x21, 0x10FF00), st.integers(1, 255)),
    st.builds(
        partial,
        st.just(_replace),
        st.sampled_from((b"\n", b"a", b"")),
        st.sampled_from((b"\r", b"\r\n", b"\n\n", b"\0", b" ", b"")),
    ).filter(lambda change: change.args != (b"", b"")),
)  # fmt: skip


@st.composite
def damaged_lists(draw: st.DrawFn) -> Content:
    """A good list with up to four damages; as a text, as from a box to type in, where it is one."""
    content = draw(st.sampled_from(good_lists()))
    for damage in draw(st.lists(DAMAGES, min_size=1, max_size=4)):
        content = damage(content)[: MOST_BYTES + 1]
    if draw(st.booleans()):
        try:
            return content.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return content
    return content


def read_again(content: Content) -> Iterator[tuple[int, str, bool]] | None:
    """Number and name of each line that is not blank, and whether it is one, by another reader.

    None if nothing can be read.
    """
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if len(raw) > MOST_BYTES:
        return None
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        return None
    return _judge_lines(text)


def _judge_lines(text: str) -> Iterator[tuple[int, str, bool]]:
    for number, line in enumerate(LINE.finditer(text), 1):
        name = unicodedata.normalize("NFC", line[1]).strip()
        odd = any(unicodedata.category(c) in {"Cc", "Cs", "Co", "Cn"} for c in name)
        if name:
            yield number, name, not (odd or "." in name or len(name) > MOST_NAME)
        if not line[2]:
            return


def is_true(read: Reading, content: Content) -> bool:
    """Whether what is told of a text, before it is used, is so."""
    again = read_again(content)
    if again is None:
        return False
    left, wrong, different = iter(read.names), list[int](), set[str]()
    for number, name, good in again:
        if good:
            different.add(name)
            if next(left, None) != name:
                return False
        else:
            wrong.append(number)
    letters = set().union(*different)
    usable = len(read.names) >= LEAST_NAMES and len(letters) <= MOST_LETTERS
    told = [rejected.number for rejected in read.rejected] == wrong[:TOLD]
    counted = (read.rejections, read.repeated) == (len(wrong), len(read.names) - len(different))
    plain = all(rejected.why and "\n" not in rejected.why for rejected in read.rejected)
    return next(left, None) is None and told and counted and plain and usable == (not read.trouble)


def can_be_used(taken: NameList) -> bool:
    """Whether pages and models can work with it: split, letters, counts, one model."""
    about = ChosenList(taken, own=True)
    splits: tuple[Split, ...] = ("train", "dev", "test")
    if len(about.vocabulary) > MOST_LETTERS + 1 or not all(map(about.dataset.names, splits)):
        return False
    some = taken.names[:: max(1, len(taken.names) // 50)]
    same = all(about.vocabulary.decode(about.vocabulary.encode(name)) == name for name in some)
    examples = sum(about.dataset.sizes[split] for split in splits)
    return same and int(about.counts.sum()) == about.letters == examples


def _try(content: Content, folder: Path, count: Count) -> bool:
    """One list by all ways: as pasted or uploaded, and as a file that is named; whether it was taken."""
    count.tried += 1
    try:
        read = read_lines(content, "yours")
        count.lost += not is_true(read, content)
        taken = read.to_list()
        count.lost += not can_be_used(taken)
        _name_file(content, folder)
        parse_names(content, "yours")  # without a line that cannot be used
        return True
    except NameListError as error:
        said = str(error)
        good = "\n" not in said and len(said) < 400 and said.isprintable()
        count.promised += good
        count.others["message of several lines"] += not good
        if "bytes" in said or "UTF-8" in said:
            count.lost += read_again(content) is not None
    except Exception as error:
        count.others[type(error).__name__] += 1
    return False


def _name_file(content: Content, folder: Path) -> None:
    if isinstance(content, bytes):
        (folder / "names.txt").write_bytes(content)
        read_names(folder / "names.txt")


def damage_lists(times: int, seed: int, kept: Path | None = None) -> tuple[Count, int]:
    """Give so many damaged lists; what came of it, and how many were taken with all their lines.

    kept: an empty folder that each list is written into, for `read_lists`.
    """
    use_one_thread()
    count, taken = Count("lists, damaged"), Counter[bool]()
    with tempfile.TemporaryDirectory() as place:

        @seeded(seed)
        @settings(
            max_examples=times,
            database=None,
            deadline=None,
            derandomize=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(damaged_lists())
        def each(content: Any) -> None:
            if kept is not None:
                _keep(content, kept / str(count.tried))
            taken[_try(content, Path(place), count)] += 1

        each()
    count.others = +count.others  # without those that never were
    return count, taken[True]


def _keep(content: Content, path: Path) -> None:
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
        path = path.with_suffix(TYPED)
    path.write_bytes(content)


def read_lists(kept: Path) -> float:
    """Read each list of a folder and use it as pages do, one after the other; the largest memory, in MB.

    Whoever draws the lists remembers them, and whoever checks what is told reads them once more; so
    the memory is that of a process which does neither.
    """
    use_one_thread()
    for path in sorted(kept.iterdir()):
        content: Content = path.read_bytes()
        if path.suffix == TYPED:
            content = path.read_bytes().decode("utf-8", "surrogatepass")
        with contextlib.suppress(NameListError):
            can_be_used(read_lines(content, "yours").to_list())
    return peak_mb()


def attack(share: float, seed: int) -> Iterator[Count]:
    """LISTS mutations, some at a time."""
    whole, peak, taken = Count("lists, damaged"), 0.0, 0
    for part in range(max(1, round(LISTS * share / AT_ONCE))):
        with tempfile.TemporaryDirectory() as kept:
            count, some = alone(damage_lists, AT_ONCE, seed + part, Path(kept))
            peak = max(peak, alone(read_lists, Path(kept)))
        whole.tried += count.tried
        whole.promised += count.promised
        whole.lost += count.lost
        whole.others += count.others
        taken += some
    whole.note = f"{taken:,} taken whole"
    note_memory(whole, peak)
    yield whole
