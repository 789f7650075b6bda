"""Dev loss with and without the dev names that stand in train too, model by model. Knows no page."""

from collections.abc import Hashable
from math import isnan
from typing import Any

import pandas as pd
import streamlit as st

from makemore.charts.losses.split_dots import split_dots
from makemore.inference import evaluation
from makemore.lessons.scoreboard.dev_names import dev_letters, dev_totals, in_train_too, mean_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.side_by_side import WHICH, Model, models_of
from makemore.ui.kit.stage import Stage


def show_repeated(about: ChosenList, name: str, stage: Stage) -> None:
    """Three dots a model: repeated names, all, the others; below the same as a table."""
    with stage.controls:
        which = (
            "five" if about.own else choose("Models", WHICH, key="repeated_which", in_link="models")
        )
    frame = repeated_losses(about, models_of(about, which))
    with stage.picture:
        place_chart(split_dots(frame), key="repeated", fill="whole")
    with stage.controls:
        _tell_repeated(about, frame)
    with stage.below:
        place_table([_row(row) for row in frame.to_dict("records")])
        seen = [str(row["model"]) for row in frame.to_dict("records") if row["seen"]]
        if seen:
            st.caption(
                f"{' and '.join(map(plain, seen))} learned from every name, dev names included, as in the "
                "course: for it none of the three is a loss on unseen names."
            )


def repeated_losses(about: ChosenList, models: list[Model]) -> pd.DataFrame:
    """Columns: row, model, repeated, all, others (dev NLL in nats), seen (learned from the dev names)."""
    letters, again = dev_letters(about), in_train_too(about)
    rows = []
    for row, model in enumerate(models):
        totals = dev_totals(about, model.checkpoint)
        rows.append(
            {
                "row": row,
                "model": model.label,
                "repeated": mean_of(totals, letters, again),
                "all": float(totals.sum() / letters.sum()),
                "others": mean_of(totals, letters, ~again),
                "seen": has_seen_dev(about, model),
            }
        )
    return pd.DataFrame(rows)


def has_seen_dev(about: ChosenList, model: Model) -> bool:
    """Whether its dev loss is one for names that it has learned from."""
    about_it = model.checkpoint.metadata
    return evaluation.has_seen(
        model.checkpoint.model,
        "dev",
        trained_on=about_it.trained_on,
        same_data=about_it.data_sha256 == about.name_list.sha256,
    )


def _tell_repeated(about: ChosenList, frame: pd.DataFrame) -> None:
    again = in_train_too(about)
    number, repeated = len(again), int(again.sum())
    last = (
        frame[~frame["seen"]].sort_values("all").iloc[0]
        if (~frame["seen"]).any()
        else frame.iloc[0]
    )
    if not repeated:
        of = f"None of the {number:,} dev names" if number > 1 else "The one dev name"
        st.markdown(f"{of} of this list stands {'' if number > 1 else 'not '}in train too.")
        return
    st.markdown(
        f"**{repeated:,} of the {number:,}** dev names stand in train too. {plain(str(last['model']))} loses "
        f"**{last['repeated']:.3f}** nats on those, **{last['others']:.3f}** on the others, "
        f"{last['all']:.3f} on all."
    )
    st.caption(
        (
            "Names given to girls and to boys are listed twice, and the split is by line, so some fall on both "
            "sides. "
            if not about.own
            else "The split is by line, so a name that is listed twice may fall on both sides. "
        )
        + (
            "On the others alone every model looks worse: that is the loss on names that it has not "
            "seen. Repeated names are also the more usual ones, so not all of the gap is memory: the "
            "counted bigram, which cannot learn a name by heart, has one too."
            if not about.own
            else f"On the others alone {int((frame['others'] > frame['all']).sum())} of the {len(frame)} "
            "models look worse: that is the loss on names that they have not seen."
        )
    )


def _row(row: dict[Hashable, Any]) -> dict[str, str]:
    gap = row["others"] - row["all"]
    return {
        "model": plain(str(row["model"])),
        "all dev names": f"{row['all']:.4f}",
        "also in train": "–" if isnan(row["repeated"]) else f"{row['repeated']:.4f}",
        "the others": "–" if isnan(row["others"]) else f"{row['others']:.4f}",
        "others less all": "–" if isnan(gap) else f"{gap:+.4f}",
    }
