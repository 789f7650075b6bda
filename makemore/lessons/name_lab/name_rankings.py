"""Where a name stands among all names of the list, model by model, and its neighbours there. Knows no page."""

import pandas as pd
import streamlit as st

from makemore.charts.letters.name_standings import name_standings
from makemore.diagnostics.letters import standings as ranks
from makemore.diagnostics.letters.standings import Standings
from makemore.lessons.name_lab.ranked_names import prepare_standings, scores_of, standings_of
from makemore.ui.kit.ask_beside import look_again
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.side_by_side import Model, choose_model, models_of
from makemore.ui.kit.stage import Stage

NEAR = 3  # names before and after


def show_rankings(about: ChosenList, name: str, stage: Stage) -> None:
    """Histograms of all names with this one's place; beside them the names around it in one order."""
    models = models_of(about)
    found = {model.label: standings_of(about, model.checkpoint) for model in models}
    there = {label: each for label, each in found.items() if each is not None}
    waits = len(there) < len(found)
    means = {
        label: there[label].mean_of(name, score.nll)
        for label, score in scores_of(models, name).items()
        if label in there
    }
    with stage.picture:
        if there:
            _draw_rankings(about, name, there, means)
        if waits:
            st.caption(
                f"The names of the list are being ranked: {len(there)} of {len(found)} models done."
            )
    with stage.controls:
        _show_neighbours(name, models, there, means)
    look_again(waits)


def _draw_rankings(
    about: ChosenList, name: str, there: dict[str, Standings], means: dict[str, float]
) -> None:
    labels = list(there)
    key = ("standing bars", tuple((label, id(each)) for label, each in there.items()))
    bars = about.kept(key, lambda: ranks.histograms(there))
    places = pd.DataFrame(
        {
            "row": range(len(labels)),
            "model": labels,
            "mean": [means[label] for label in labels],
            "told": [
                f"rank {each.rank(name, means[label]):,} of {len(each.means):,}, {means[label]:.3f} nats"
                for label, each in there.items()
            ],
            "short": [f"rank {each.rank(name, means[label]):,}" for label, each in there.items()],
        }
    )
    chart = name_standings(bars, places, name=name, letters=len(about.vocabulary))
    place_chart(chart, key="rankings", fill="whole")


def _show_neighbours(
    name: str, models: list[Model], there: dict[str, Standings], means: dict[str, float]
) -> None:
    """The names just before and after it."""
    label = choose_model("In the order of", models, key="ranking_model").label
    if label not in there:
        return
    each, mean = there[label], means[label]
    rank = each.rank(name, mean)
    listed = name in each.places
    share = (rank - 1) / len(each.means)
    st.markdown(
        f"For **{plain(label)}**, {plain(name)} is number **{rank:,}**: {share:.0%} of the names surprise it less."
        + ("" if listed else " It is not in the list; the number is the place that it would have.")
    )
    rows = [row for row in each.around(rank, NEAR) if row[1] != name]
    near = [(r + (not listed and r >= rank), other, cost) for r, other, cost in rows]
    table = sorted([*near, (rank, name, mean)])
    place_table(
        [
            {
                "rank": f"{r:,}",
                "name": f"**{plain(other)}**" if other == name else plain(other),
                "nats a letter": f"{cost:.4f}",
            }
            for r, other, cost in table
        ]
    )
    st.caption(
        "By mean loss a letter, so that length alone decides nothing. Names given to girls and to boys "
        "count once here."
    )


def prepare_rankings(about: ChosenList, models: list[Model]) -> None:
    """Have all names ranked by these models, one after the other, before anybody asks."""
    for model in models:
        prepare_standings(about, model.checkpoint)
