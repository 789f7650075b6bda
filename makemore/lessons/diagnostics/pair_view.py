"""The chosen chart of a run, and of one that is laid over it beside that. Knows the panel's moments, no job."""

import streamlit as st

from makemore.charts.losses.training_curve import Flag
from makemore.lessons.diagnostics.look_charts import KINDS, Kind, draw_look, findings_of
from makemore.lessons.diagnostics.rates import flag_of
from makemore.ui.kit.choose import choose
from makemore.ui.kit.moment_slider import Moments
from makemore.ui.kit.place_chart import Fill, place_chart
from makemore.ui.kit.safe_text import plain
from makemore.ui.training_panel import Former

PACE = 0.8  # seconds between two drawings of what trains


def choose_kind(*, key: str) -> Kind:
    """Which of the four charts is shown."""
    return choose("Chart", KINDS, key=key, in_link="chart", label_hidden=True)


def show_pair(moments: Moments, other: Former | None, *, kind: Kind, key: str) -> None:
    """The run, or on the left the one that is laid over it and on the right the run, on one axis."""
    beside = other.moments if other else None
    if other is None or beside is None or not beside.steps:
        place_look(moments, None, kind=kind, key=f"{key}_look", fill="half")
        return
    before = beside.back_to(moments.step)
    left, right = st.columns(2, gap="small")
    with left:
        st.markdown(f"**{plain(other.title or other.label)}**")
        place_look(before, moments, kind=kind, key=f"{key}_other", fill="half")
    with right:
        st.markdown("**This run**")
        place_look(moments, before, kind=kind, key=f"{key}_look", fill="half")


def place_look(
    moments: Moments, beside: Moments | None, *, kind: Kind, key: str, fill: Fill, told: bool = True
) -> None:
    """One chart; `told`: what was found is marked in it. Where nothing was kept for it, that is said."""
    if not moments.intervals and kind in ("activations", "gradients"):
        st.info("This net has no layer that bends.", icon=":material/info:")
    elif not moments.readings and kind != "activations":
        st.info("Nothing was kept of gradients and updates here.", icon=":material/info:")
    elif kind == "updates" and len(moments.readings) < 2:
        st.info("Updates show once the training has begun.", icon=":material/info:")
    else:
        findings = findings_of(moments.readings) if told else ()
        place_chart(draw_look(kind, moments, findings, beside=beside), key=key, fill=fill)


def flags(moments: Moments) -> Flag | None:
    """What to mark in the curve of these moments."""
    return flag_of(findings_of(moments.readings), moments)
