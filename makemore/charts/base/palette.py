"""Says once which colour, shape and dash means what, in light and in dark. Knows no chart.

A colour is a pair for the two themes. In a spec it becomes the CSS function `light-dark(…)`, so
that one cached spec is right in both themes and also after a switch; it needs the SVG renderer.
The two scales are named by range (`heatmap`, `diverging`), which the theme fills on the client.
"""

from typing import NamedTuple


class Colour(NamedTuple):
    """One meaning in two themes; equal lightness in each, and at least 4.5:1 against the page."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """The text for a spec: light-dark(#1f5fa8, #7db2f0)."""
        return f"light-dark({self.light}, {self.dark})"


PAPER = Colour("#fdfcf9", "#17181b")
PANEL = Colour("#f4f1ea", "#232529")
INK = Colour("#15181d", "#ebe8e1")
MUTED = Colour("#62656d", "#a9a69e")
LINE = Colour("#dcd8ce", "#3a3c41")

BLUE = Colour("#1f5fa8", "#7db2f0")
ORANGE = Colour("#b0520a", "#f0a35e")
TEAL = Colour("#0f7566", "#5cc4b0")
VIOLET = Colour("#7344a3", "#bd9fec")
OCHRE = Colour("#80652f", "#d8b56a")
SLATE = Colour("#5b6b80", "#a3b2c6")

ACCENT = Colour("#b01f66", "#f582b6")  # what the learner chose, and nothing else
WARNING = Colour("#bf2a1c", "#ff8a75")  # something is sick, and nothing else

CATEGORICAL = (BLUE, ORANGE, TEAL, VIOLET, OCHRE, ACCENT, SLATE)

SPLITS = {"train": SLATE, "dev": BLUE, "test": VIOLET}
SPLIT_DASHES = {"train": [4, 3], "dev": [1, 0], "test": [1, 3]}

KINDS = {"vowel": ORANGE, "consonant": BLUE, "dot": TEAL}
KIND_SHAPES = {"vowel": "circle", "consonant": "square", "dot": "diamond"}

CONTRAST = {"before": OCHRE, "after": TEAL}

# Lines over the steps of a training, beside the splits: each batch, the mean of some, another run.
RUNS = {"batch": TEAL, "mean": INK, "other": OCHRE}

SOURCES = {"measured": BLUE, "reported": INK}
COMPARED = {"counted": SLATE, "learned": BLUE}

# Models in the order of the course: one hue, so that the order reads without a legend.
LADDER = (
    Colour("#b3bfcc", "#4d5966"),
    Colour("#8fa9c4", "#5d7794"),
    Colour("#6390c0", "#6f9bcb"),
    Colour("#3570b3", "#91c0f2"),
    Colour("#123f78", "#d3e7fb"),
)

SEQUENTIAL = (
    Colour("#f4f1e9", "#24272d"),
    Colour("#dbe2e6", "#253243"),
    Colour("#c2d4e3", "#243c59"),
    Colour("#a2c0da", "#284d74"),
    Colour("#80aad0", "#2d6091"),
    Colour("#6192c1", "#3d77ad"),
    Colour("#4479b0", "#5993c8"),
    Colour("#2b609b", "#79afe1"),
    Colour("#1c477b", "#a6cbee"),
    Colour("#0d2f5c", "#d3e7fb"),
)
DIVERGING = (
    Colour("#0d3f75", "#a9d3fb"),
    Colour("#3972a9", "#6da5dc"),
    Colour("#73a3d0", "#4376a9"),
    Colour("#b9d2e6", "#2b4868"),
    Colour("#e2e8ea", "#28323f"),
    Colour("#f5e6d4", "#38302a"),
    Colour("#f3cba2", "#5e4023"),
    Colour("#e2a063", "#a86c30"),
    Colour("#be702d", "#df9c58"),
    Colour("#8a3f04", "#ffcf95"),
)

# Text on a cell of the sequential scale, below and above this share of the scale.
ON_FAINT, ON_STRONG, TEXT_TURNS = INK, PAPER, 0.6

# Images carry their own pixels: sign as hue, size as opacity, so that zero is the page itself.
IMAGE_NEGATIVE, IMAGE_POSITIVE = (60, 125, 196), (214, 122, 38)
IMAGE_MARKED, IMAGE_PLAIN = (250, 249, 246), (38, 46, 60)


def ladder(rungs: int) -> tuple[Colour, ...]:
    """So many colours of LADDER, the last ones; where it has too few, as many along the way through it."""
    if rungs <= len(LADDER):
        return LADDER[len(LADDER) - rungs :]
    return tuple(_along(rung / (rungs - 1)) for rung in range(rungs))


def _along(share: float) -> Colour:
    """The colour this share of the way through LADDER."""
    last = len(LADDER) - 1
    below = min(int(share * last), last - 1)
    pairs = zip(LADDER[below], LADDER[below + 1], strict=True)
    return Colour(*(_mixed(one, other, share * last - below) for one, other in pairs))


def _mixed(one: str, other: str, share: float) -> str:
    """One theme's colour, this share of the way from one to the other."""
    parts = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * share) for a, b in parts).hex()


def contrast(panels: tuple[str, str]) -> dict[str, Colour]:
    """The colours of before and after under the words that a chart has for them."""
    return dict(zip(panels, CONTRAST.values(), strict=True))
