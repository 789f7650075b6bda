"""How much each setting decides, as the study has worked it out. Knows no page and no Optuna."""

import streamlit as st

from makemore.charts.losses.importance_bars import importance_bars
from makemore.experiments.sweep_records import Sweep
from makemore.lessons.experiments.all_trials import draw_dots, other_setting
from makemore.lessons.experiments.chosen_study import choose_study
from makemore.lessons.experiments.trial_frames import importance
from makemore.lessons.experiments.trial_settings import Setting, varied
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.stage import Stage

HOW = (
    "Worked out by Optuna's PED-ANOVA (Watanabe et al. 2023) when the study ended: the more the values of "
    "a setting in the best quarter of the trials differ from those in all, the more it decides. It depends "
    "on the ranges that were searched: a setting that was only ever near its best decides nothing."
)
TOO_FEW = (
    "With fewer than 8 complete trials of one model a quarter is a trial or two, and the study gives no "
    "importance. The losses themselves have to do."
)


def show_importance(about: ChosenList, name: str, stage: Stage) -> None:
    """The bars, where there are trials enough, and the losses against the setting that decides most."""
    with stage.controls:
        sweep = choose_study()
    with stage.picture:
        if sweep.importance:
            place_chart(importance_bars(importance(sweep)), key="importance", fill="third")
        x = most_important(sweep)
        place_chart(
            draw_dots(sweep, x, other_setting(sweep, x)),
            key="importance_dots",
            fill="half" if sweep.importance else "whole",
        )
    with stage.controls:
        st.markdown(_tell(sweep) if sweep.importance else TOO_FEW)
        st.caption(HOW)


def most_important(sweep: Sweep) -> Setting:
    """The setting of the largest share; without shares the last one."""
    settings = varied(sweep)
    named = {each.name: each for each in settings}
    shares = sweep.importance
    return named[max(shares, key=shares.__getitem__)] if shares else settings[-1]


def _tell(sweep: Sweep) -> str:
    shares = importance(sweep)
    first, last = shares.iloc[0], shares.iloc[-1]
    return (
        f"**{first['setting'].capitalize()}** decides most: **{first['share']:.0%}** of what sets the best "
        f"quarter apart, against {last['share']:.0%} of {last['setting']}."
    )
