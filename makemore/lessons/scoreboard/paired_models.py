"""Two models on the same dev names: the difference in loss and its standard error over names. Knows no page."""

import streamlit as st

from makemore.charts.losses.paired_gaps import paired_gaps
from makemore.diagnostics.losses import paired
from makemore.diagnostics.losses.paired import Paired
from makemore.lessons.scoreboard.dev_names import dev_letters, dev_totals
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.side_by_side import choose_model, models_of
from makemore.ui.kit.stage import Stage

PAIR = ("mlp", "wavenet")  # to begin with
MOST_OWN = 8
CLEAR = 2  # standard errors
FEW = 10  # names; of fewer the standard error itself is a guess
NEAR = 5  # names with the largest differences


def show_paired(about: ChosenList, name: str, stage: Stage) -> None:
    """A histogram over names of what one model loses more than the other; beside it the mean and its error."""
    models = models_of(about, "all", own=MOST_OWN)
    with stage.controls:
        one, other = (
            choose_model(word, models, key=f"paired_{at}", first=first, in_link=at)
            for word, at, first in zip(("First", "Second"), ("first", "second"), PAIR, strict=True)
        )
    totals = [dev_totals(about, model.checkpoint) for model in (one, other)]
    letters = dev_letters(about)
    found = paired.paired(totals[0], totals[1], letters)
    with stage.picture:
        bars = paired.gap_histogram(totals[0], totals[1], letters)
        chart = paired_gaps(
            bars, models=(one.label, other.label), mean=found.difference, error=found.error
        )
        place_chart(chart, key="paired", fill="whole")
    with stage.controls:
        _tell_paired(found, one.label, other.label)
    with stage.below:
        gaps = (totals[1] - totals[0]) / letters
        _show_extremes(about, list(map(float, gaps)), one.label, other.label)


def _tell_paired(found: Paired, one: str, other: str) -> None:
    """The difference, and whether the names allow to tell it from none."""
    clear = abs(found.difference) > CLEAR * found.error
    word = "less" if found.difference < 0 else "more"
    st.metric(
        "Difference in dev loss",
        f"{found.difference:+.4f} ± {found.error:.4f}".replace("-", "−"),
        width="content",
        help="The second less the first, nats a letter over all letters, ± its standard error over names.",
    )
    if found.names < FEW:
        means = f"So few names, below {FEW}, cannot tell how far others would move that."
    elif clear:
        apart = abs(found.difference) / max(found.error, 1e-12)
        means = (
            f"The mean is {apart:.1f} standard errors from zero, so on other names like these it would "
            f"lose {word}, too."
        )
    else:
        means = "Within two standard errors of zero: other names could turn it round."
    st.markdown(
        f"**{plain(other)}** loses {found.second:.4f}, **{plain(one)}** {found.first:.4f}. It loses less on "
        f"{found.lower:.0%} of the {found.names:,} names. {means}"
    )
    st.caption(
        "Both read the same names, so what makes a name hard for both cancels out. The error says how far "
        "another draw of names would move the difference; it knows nothing of another training: for that, "
        "see the seeds."
    )


def _show_extremes(about: ChosenList, gaps: list[float], one: str, other: str) -> None:
    """The names on which the two differ most, either way."""
    names = about.dataset.names("dev")
    order = sorted(range(len(names)), key=lambda i: gaps[i])
    rows = [(other, i) for i in order[:NEAR] if gaps[i] < 0]
    rows += [(one, i) for i in reversed(order[-NEAR:]) if gaps[i] > 0]
    st.markdown("**Where they differ most**")
    place_table(
        [
            {
                "name": plain(names[i]),
                "loses less": plain(model),
                "by, nats a letter": f"{abs(gaps[i]):.3f}",
            }
            for model, i in rows
        ]
    )
