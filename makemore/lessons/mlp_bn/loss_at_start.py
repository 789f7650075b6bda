"""DOCSTRING"""

import pandas as pd

from makemore.charts.layers.histograms import contrast_histogram
from makemore.charts.losses.contrast_curve import contrast_curve
from makemore.diagnostics.layers import histograms
from makemore.ui.kit.choose import choose
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.sources import loaded, two_starts
from makemore.ui.sources.two_starts import PANELS, WORDS


def show_first_logits() -> None:
    """How far apart the first logits are."""
    looks = {panel: two_starts.look_at(panel, "start") for panel in PANELS}
    bins = histograms.histograms(
        {panel: look.activations["logits"] for panel, look in looks.items()}, low=-40, high=40
    )
    place_chart(
        contrast_histogram(bins, quantity="logit before the first step", panels=WORDS), key="logits"
    )


def show_loss_curves() -> None:
    """The dev losses of both trainings on the same axes."""
    frame = pd.concat([_dev_curve(panel) for panel in PANELS], ignore_index=True)
    later = sorted(frame["step"].unique())[1]
    views = {"all": "From step 0", "later": f"From step {later:,}"}
    if choose("Steps shown", views, key="curves_from") == "later":
        frame = frame[frame["step"] >= later]
    place_chart(contrast_curve(frame, letters=len(loaded.vocabulary()), panels=WORDS), key="curves")


def _dev_curve(panel: two_starts.Panel) -> pd.DataFrame:
    """Columns: panel, step, loss."""
    trajectory = two_starts.checkpoint_of(panel).trajectory
    stored = trajectory.evaluated if trajectory else {}
    steps, losses = (stored[name].tolist() if stored else [] for name in ("step", "dev"))
    return pd.DataFrame({"panel": panel, "step": steps, "loss": losses})
