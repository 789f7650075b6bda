"""What every chart is: a spec built once, fresh frames, an alternative text. Knows no page."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.base.palette import INK, LINE, MUTED, Colour

Spec = dict[str, Any]

# The colours are CSS (see palette), which a canvas does not understand: always SVG, also for files.
_EMBED = {
    "renderer": "svg",
    "actions": {
        "export": {"svg": True, "png": False},
        "source": False,
        "compiled": False,
        "editor": False,
    },
}

# The grid of every chart; fonts come from the theme.
_QUIET = {"labelColor": MUTED.css, "titleColor": MUTED.css}
_CONFIG = {
    "axis": {**_QUIET, "titlePadding": 8, "labelPadding": 6, "gridColor": LINE.css},
    "legend": {
        **_QUIET,
        "orient": "top",
        "direction": "horizontal",
        "titleOrient": "left",
        "offset": 6,
        "labelLimit": 0,
    },
    "text": {"fill": INK.css},
    "rule": {"stroke": MUTED.css},
    "view": {"stroke": None},
}


# A browser builds a chart anew when its name changes, which takes it several times as long as new
# data. So the name is always this one, and the sentence on what is seen now travels as data.
NAME = "Chart; its first element tells what it shows"
_SAID = "said"


@dataclass(frozen=True)
class Chart:
    """A cached spec, the frames it names, and the sentence that stands in for the picture.

    Nobody changes `spec`: it is shared between visitors. `stretch` follows the container's width.
    """

    spec: Mapping[str, Any]
    datasets: Mapping[str, pd.DataFrame]
    alt: str
    stretch: bool = True
    selections: tuple[str, ...] = field(default=())

    @cached_property
    def frames(self) -> dict[str, pd.DataFrame]:
        """All that travels: the data sets, of which a browser can show the first, and the sentence."""
        return {**self.datasets, _SAID: pd.DataFrame({_SAID: [self.alt]})}


def finished(chart: alt.TopLevelMixin) -> Spec:
    """The chart as a plain spec with the settings that all charts share; call it under lru_cache."""
    spec = _telling(chart.to_dict(validate=False))
    spec["config"] = _CONFIG
    # The height is that of the plot, so that legends and titles never squeeze it.
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["usermeta"] = {"embedOptions": _EMBED}
    return spec


def _telling(spec: Spec) -> Spec:
    """The same with a first layer that nobody sees and a screen reader reads."""
    if "layer" not in spec:
        inner = ("name", "data", "mark", "encoding", "transform")
        spec["layer"] = [{part: spec.pop(part) for part in inner if part in spec}]
    told = {
        "data": {"name": _SAID},
        "mark": {"type": "text", "text": "", "ariaRoleDescription": "summary"},
        "encoding": {"description": {"field": _SAID}, "x": {"value": 0}, "y": {"value": 0}},
    }
    spec["layer"].insert(0, told)
    return spec


def source(name: str) -> alt.NamedData:
    """A data set that comes with each drawing, under this name."""
    return alt.NamedData(name=name)


def baseline(letters: int, loss: bool = False) -> pd.DataFrame:
    """The same probability for every letter, or the loss that it costs in nats."""
    return pd.DataFrame({"value": [math.log(letters) if loss else 1 / letters]})


def baseline_name(letters: int, loss: bool = False) -> str:
    """How a legend names that line, so that no label has to lie on top of other marks."""
    if loss:
        return f"uniform baseline: ln {letters} = {math.log(letters):.2f}"
    return f"uniform baseline: 1/{letters} = {1 / letters:.1%}"


MOST_IN_A_ROW = 4  # of a legend; more stand in two rows


def key(names: Mapping[str, Colour], *, symbol: str = "square", narrow: int = 1) -> dict[str, Any]:
    """Scale and legend for the channel that tells the names apart; `narrow` columns on a phone."""
    # The same at each width of a screen: a legend that gains a row as the window grows is cut off.
    wide = len(names) if len(names) <= MOST_IN_A_ROW else -(-len(names) // 2)
    columns = f"width < 520 ? {narrow} : {wide}"
    return {
        "title": None,
        "scale": alt.Scale(domain=list(names), range=[colour.css for colour in names.values()]),
        "legend": alt.Legend(symbolType=symbol, symbolOpacity=1, columns=alt.ExprRef(columns)),
    }


def short_axis(ticks: int = 6) -> alt.Axis:
    """For large numbers: 0, 500, 1k, 1.5k, and not 0.0k, 0.5k, as an axis formats them by itself."""
    return alt.Axis(labelExpr="format(datum.value, '~s')", tickCount=ticks)


def fitting(text: str, short: str, *, below: int = 520) -> str:
    """An expression for the field `text`, and where the chart is narrow for `short`."""
    return f"width < {below} ? datum.{short} : datum.{text}"


def px(wide: float, narrow: float, *, below: int = 520) -> alt.ExprRef:
    """A size in pixels that shrinks when the chart is narrow, as on a phone."""
    return alt.ExprRef(f"width < {below} ? {narrow} : {wide}")
