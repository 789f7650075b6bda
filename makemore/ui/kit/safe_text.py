"""Makes foreign text safe to show inside markdown. Knows no page."""

import re
from collections.abc import Collection, Iterable

# Every ASCII punctuation mark may be escaped in markdown; escaped, none of them means anything.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """The text so that markdown shows it as it is: `<b>` stays `<b>`, `$x$` stays `$x$`."""
    return _PUNCTUATION.sub(r"\\\1", text)


def badges(names: Iterable[str], known: Collection[str], shown: int = 30) -> str:
    """The names as badges, those of the list marked; `shown` letters each.

    One text for all: each element of its own would be a message, and work for the browser.
    """
    return " ".join(
        f":gray-badge[:material/bookmark: {_cut(name, shown)}]"
        if name in known
        else f":blue-badge[{_cut(name, shown)}]"
        for name in names
    )


def _cut(name: str, shown: int) -> str:
    return plain(name if len(name) <= shown else f"{name[:shown]}…") or "(empty)"
