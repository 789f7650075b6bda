"""A hostile visitor: sends any value for any widget, and counts what becomes of it. Knows no page."""

from collections import Counter
from dataclasses import dataclass, field

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.WidgetStates_pb2 import WidgetState

from makemore.ui.kit.page_table import HOME, PAGES
from tests.bench.attack.count import Count
from tests.bench.visitor import Visitor

PATHS = tuple("" if page is HOME else page.file for page in PAGES)
FAILED = "This page met an error it does not know"


@dataclass
class Counts:
    """What became of so many attacks: `failed` ended in an exception on the page, `lost` in no answer."""

    sent: int = 0
    answered: int = 0  # the page is there, whole
    told: int = 0  # and says that something was refused
    failed: int = 0
    lost: int = 0
    failures: list[str] = field(default_factory=list)  # which, a line each


@dataclass
class Attacker(Visitor):
    """A visitor that remembers what warnings it was shown."""

    warnings: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # the bodies of markdown

    def _learn(self, element: Element, home: str) -> None:
        super()._learn(element, home)
        if element.WhichOneof("type") == "alert" and element.alert.format == Alert.WARNING:
            self.warnings.append(element.alert.body)
        if element.WhichOneof("type") == "markdown":
            self.words.append(element.markdown.body)

    def forget(self) -> None:
        """Begin to count anew."""
        self.exceptions, self.errors, self.warnings, self.words = 0, [], [], []

    def failed(self) -> bool:
        """Whether an exception reached the page since then."""
        return bool(self.exceptions) or any(text.startswith(FAILED) for text in self.errors)

    async def forge(self, key: str, state: WidgetState) -> None:
        """Send this for the widget of that key, and take it back for the next request."""
        before = self.values.get(state.id)
        self.values[state.id] = state
        try:
            await self.run(changed=key)
        finally:
            self.values.pop(state.id, None)
            if before is not None:
                self.values[state.id] = before


def count_up(what: str, counts: Counts) -> Count:
    """A line of the table of attacks; a page that failed and an answer that never came are harm."""
    others = Counter({"page failed": counts.failed} if counts.failed else {})
    traced = sum(line.startswith("log: ") for line in counts.failures)
    if traced:
        others["traceback in the log"] = traced
    return Count(
        what, counts.sent, counts.told, counts.lost, others, "; ".join(counts.failures[:3])
    )
