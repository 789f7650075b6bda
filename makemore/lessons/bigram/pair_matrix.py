"""The matrix of a list's pairs as a chart, whatever the size of its alphabet. Knows one list, no step."""

from collections.abc import Sequence

import pandas as pd

from makemore.by_hand import counted_pairs
from makemore.charts.base.chart import Chart
from makemore.charts.letters.count_heatmap import MOST_LETTERS_WITH_TEXT, count_heatmap
from makemore.charts.letters.count_shades import shade_legend
from makemore.charts.letters.large_count_matrix import overview
from makemore.diagnostics.letters import pairs
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart


def is_large(about: ChosenList) -> bool:
    """Whether the alphabet has more letters than cells with text have room for."""
    return len(about.vocabulary) > MOST_LETTERS_WITH_TEXT


def cells_of(about: ChosenList, k: float = 1.0) -> pd.DataFrame:
    """The cells of the list: count, probability, and probability with k added to every count."""

    def made() -> pd.DataFrame:
        cells = pairs.cells(about.counts, counted_pairs.smoothed(about.counts, 0), about.vocabulary)
        return cells.assign(smoothed=counted_pairs.smoothed(about.counts, k).flatten().tolist())

    return about.kept(("cells", k), made)


def draw_probabilities(
    about: ChosenList,
    cells: pd.DataFrame,
    *,
    path: pd.DataFrame | None = None,
    marked: Sequence[str] = (),
    lit: str | None = None,
) -> Chart:
    """Shades without text, with the way of a name, outlined pairs, or a row that is looked at."""
    if path is None:
        path = pd.DataFrame({"first": [], "second": [], "position": []})
    if is_large(about):
        return overview(cells, show="probability", marked=marked, path=path, lit=lit)
    return count_heatmap(cells, show="probability", marked=marked, path=path, lit=lit, compact=True)


def place_legend(about: ChosenList, *, key: str) -> None:
    """What the shades of probabilities mean; beside the matrix, which needs all of the height."""
    legend = about.kept("legend", lambda: shade_legend(1.0, show="probability"))
    place_chart(legend, key=key)
