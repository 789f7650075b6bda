"""Names of counts, net and nothing learned, side by side from one seed. Knows one list, no page."""

import streamlit as st

from makemore.models import LanguageModel
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.drawn_names import FIRST_SEED, SEED, draw_names
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.safe_text import badges
from makemore.ui.kit.seed_box import seed_box

SHOWN = 10  # letters, which a third of a phone has room for
# Streamlit's columns are never narrower than 128 px; three of them have to fit a phone.
NARROW = """<style>@media (max-width: 640px) {
  .st-key-three_models [data-testid="stColumn"] { min-width: 0; }
  .st-key-three_models p { font-size: 0.8rem; }
}</style>"""


def show_three_models(about: ChosenList, name: str, stage: Stage) -> None:
    """Counted, learned and uniform, side by side, from the same random numbers."""
    with stage.controls, st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(SEED, FIRST_SEED, next_key="other_seed", in_link=True)
    models: dict[str, LanguageModel] = {
        "Counted": about.bigram(0),
        "Trained net": about.net,
        "Uniform": about.uniform(),
    }
    drawn = {label: draw_names(model, about, seed) for label, model in models.items()}
    with stage.picture, st.container(key="three_models"):
        st.html(NARROW)
        places = st.columns(3, gap="xsmall", wrap=False)
        for (label, names), place in zip(drawn.items(), places, strict=True):
            with place:
                _show_names(label, names, about)
    with stage.controls:
        _tell_counts(drawn, about)


def _show_names(label: str, names: list[str], about: ChosenList) -> None:
    st.markdown(f"**{label}**")
    st.markdown("  \n".join(badges([name], about.known, SHOWN) for name in names))


def _tell_counts(drawn: dict[str, list[str]], about: ChosenList) -> None:
    """How many of the names stand in the list, and how many the two trained models share."""
    counted, net, _ = drawn.values()
    number = len(counted)
    rows = {label: sum(name in about.known for name in names) for label, names in drawn.items()}
    st.markdown(
        f"Of {number} names each, in the list (:material/bookmark:):  \n"
        + "  \n".join(f"{label}: **{known}**" for label, known in rows.items())
    )
    same = sum(one == other for one, other in zip(counted, net, strict=True))
    st.markdown(f"The counts and the net draw **{same}** of {number} names alike.")
    st.caption(
        "The uniform model gives every letter the same probability: it has counted nothing. "
        f"Names are cut after {SHOWN} letters here."
    )
