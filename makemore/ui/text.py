"""Makes foreign text safe to show inside markdown. Knows no page."""

import re

# Every ASCII punctuation mark may be escaped in markdown; escaped, none of them means anything.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def plain(text: str) -> str:
    """The text so that markdown shows it as it is: `<b>` stays `<b>`, `$x$` stays `$x$`."""
    return _PUNCTUATION.sub(r"\\\1", text)
