"""The switches of a step in the link: `?show=smoothed&k=5`. Knows no step and draws no widget.

A switch is a widget whose value the link says, in words of its own. The link decides when a step is
opened; from then on the widget does, and the link follows it. To follow takes no run: Streamlit hands the
new address to the browser with what the run drew anyway, and links.js lets it take the place of the old
one, so that going back leads to another step and not through every place of a slider.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import streamlit as st

from makemore.ui.kit.links.notices import shorten

T = TypeVar("T")

OWN = "own"  # in the place of a value that the visitor alone has
_VIEW = "link_view"


@dataclass
class Switch:
    """What a switch stands at, and what it was asked for in vain, until that has been told."""

    key: str
    value: Any
    trouble: str = ""
    words: str = ""  # how the link says it, also where that goes without saying


@dataclass
class View:
    """The switches of the step that is open, by what the link calls them."""

    place: str = ""
    switches: dict[str, Switch] = field(default_factory=dict)
    drawn: set[str] = field(default_factory=set)
    settings: dict[str, Any] = field(default_factory=dict)  # what no link says, but a notebook

    @property
    def values(self) -> dict[str, Any]:
        """What they all stand at now, also long after this was handed out."""
        return {name: switch.value for name, switch in self.switches.items()}

    @property
    def words(self) -> dict[str, str]:
        """The same as the link says it; of what is the visitor's own, what it is."""
        return {
            name: str(switch.value) if switch.words == OWN else switch.words
            for name, switch in self.switches.items()
        }


@dataclass(frozen=True)
class Tenths(Collection[float]):
    """The tenths from `low` to `high` of them: 2, 20 is 0.2, 0.3 … 2.0; a slider is a hair off some."""

    low: int
    high: int

    def __contains__(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= round(10 * value) <= self.high

    def __iter__(self) -> Iterator[float]:
        return (tenth / 10 for tenth in range(self.low, self.high + 1))

    def __len__(self) -> int:
        return self.high - self.low + 1


@dataclass(frozen=True)
class Subsets(Collection[list[str]]):
    """Any choice among these words, none too; in a link gate.context-16, or none."""

    words: Collection[str]

    def __contains__(self, value: object) -> bool:
        return isinstance(value, list) and set(value) <= set(self.words)

    def __iter__(self) -> Iterator[list[str]]:
        return ([word] for word in self.words)

    def __len__(self) -> int:
        return int(2 ** len(self.words))

    def say(self, chosen: list[str]) -> str:
        """In the order of the words."""
        return ".".join(_slug(word) for word in self.words if word in chosen) or "none"

    def read(self, said: str) -> list[str] | None:
        """The choice that this says; None where it names another word."""
        known = {_slug(word): word for word in self.words}
        parts = [] if said == "none" else said.split(".")
        return [known[part] for part in parts] if set(parts) <= known.keys() else None


def _slug(words: str) -> str:
    return words.replace(",", "").replace(" ", "-")


def say_short(value: Any) -> str:
    """A number without what it is off by, anything else as it is."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def current_view() -> View:
    """The view that this visitor has open."""
    view: View = st.session_state.setdefault(_VIEW, View())
    return view


@contextmanager
def drawing(place: str) -> Iterator[View]:
    """Draw the body of a step; `place` tells it from others. What it no longer draws leaves the link."""
    view = current_view()
    if view.place != place:
        view = st.session_state[_VIEW] = View(place)
    view.drawn.clear()
    view.settings.clear()
    yield view
    # Not reached by a run that is broken off: it has shown nobody anything.
    for gone in set(view.switches) - view.drawn:
        del view.switches[gone]
        _write(gone, "")
    for switch in view.switches.values():
        switch.trouble = ""


def leave_view() -> None:
    """Take all switches out of the link, as they are of a step that is left; for callbacks."""
    view = st.session_state.pop(_VIEW, View())
    for name in view.switches:
        _write(name, "")


def bound(
    name: str,
    *,
    key: str,
    options: Collection[T],
    first: T,
    say: Callable[[T], str] = say_short,
    read: Callable[[str], T | None] | None = None,
    keep: bool = False,
) -> T:
    """Tie the widget of this key, which is drawn next and has no default of its own, to the link.

    name: what the link calls it. options: all that it can stand at. first: where it begins, which the
    link leaves unsaid. say: how the link says an option. read: the option that the link says, where
    that takes no search through all of them; None for no such option. keep: a step that is opened by a
    link that does not say it finds it as another step left it. Returns the value.
    """
    view = current_view()
    view.drawn.add(name)
    switch = view.switches.get(name)
    if switch is None:
        kept = st.session_state.get(key) if keep else None
        begin = kept if kept is not None and _offered(kept, options) else first
        value, trouble = _from_link(name, options, begin, say, read)
        switch = view.switches[name] = Switch(key, value, trouble)
        st.session_state[key] = value
    elif switch.key != key or not _offered(st.session_state.get(key), options):
        switch.key = key  # another widget, or one that lost its value, begins anew
        st.session_state[key] = first
    switch.value = st.session_state[key]
    said = switch.words = say(switch.value)
    _write(name, "" if said == say(first) else said)
    if switch.trouble:
        st.warning(switch.trouble, icon=":material/info:")
    found: T = switch.value
    return found


def _from_link(
    name: str,
    options: Collection[T],
    first: T,
    say: Callable[[T], str],
    read: Callable[[str], T | None] | None,
) -> tuple[T, str]:
    """Where the switch begins, and a sentence (markdown) if the link asked for something else in vain."""
    asked = st.query_params.get(name, "")
    if not asked:
        return first, ""
    found = read(asked) if read else _find(asked, options, say)
    if found is not None and _offered(found, options):
        return found, ""
    if asked == OWN:
        return first, (
            "Whoever sent this link looked at something of their own, which a link cannot take along; "
            "here is what this step begins with."
        )
    return first, (
        f"The link asks for {shorten(name)} = {shorten(asked)}, which this step does not offer; here is "
        "what it begins with."
    )


def _find(asked: str, options: Collection[T], say: Callable[[T], str]) -> T | None:
    return next((option for option in options if say(option) == asked), None)


def _offered(value: Any, options: Collection[T]) -> bool:
    return value is not None and value in options


def _write(name: str, said: str) -> None:
    """Let the link say this; "" for nothing."""
    if said == st.query_params.get(name, ""):
        return
    if said:
        st.query_params[name] = said
    else:
        del st.query_params[name]
