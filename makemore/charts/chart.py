"""What every chart is: a spec built once, fresh frames, an alternative text. Knows no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import altair as alt
import pandas as pd

from makemore.charts.palette import INK, LINE, MUTED

Spec = dict[str, Any]

# The colours are CSS (see palette), which a canvas does not understand: always SVG, also for files.
_EMBED = {
    "renderer": "svg",
    "actions": {"export": {"svg": True, "png": False}, "source": False, "compiled": False, "editor": False},
}

# The grid of every chart; fonts and text colours come from the theme.
_CONFIG = {
    "axis": {"titlePadding": 8, "labelPadding": 6, "gridColor": LINE.css, "gridOpacity": 0.7},
    "axisY": {"titleAnchor": "end"},
    "legend": {"orient": "top", "direction": "horizontal", "titleOrient": "left", "offset": 6},
    "text": {"fill": INK.css},
    "rule": {"stroke": MUTED.css},
    "view": {"stroke": None},
}


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


def finished(chart: alt.TopLevelMixin) -> Spec:
    """The chart as a plain spec with the settings that all charts share; call it under lru_cache."""
    spec: Spec = chart.to_dict(validate=False)
    spec["config"] = _CONFIG
    spec["usermeta"] = {"embedOptions": _EMBED}
    return spec


def source(name: str) -> alt.NamedData:
    """A data set that comes with each drawing, under this name."""
    return alt.NamedData(name=name)


def px(wide: float, narrow: float, *, below: int = 520) -> alt.ExprRef:
    """A size in pixels that shrinks when the chart is narrow, as on a phone."""
    return alt.ExprRef(f"width < {below} ? {narrow} : {wide}")
