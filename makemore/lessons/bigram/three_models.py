"""Names of counts, net and nothing learned, side by side from one seed. Knows one list, no page."""

import streamlit as st

from makemore.models import LanguageModel
from makemore.ui.kit.drawn_names import FIRST_SEED, SEED, draw_names
from makemore.ui.kit.own_list import Subject
from makemore.ui.kit.safe_text import badges
from makemore.ui.kit.seed_box import seed_box

SHOWN = 15  # letters; a name without end says enough by then


def show_three_models(about: Subject, name: str) -> None:
    """Counted, learned and uniform, side by side, from the same random numbers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(SEED, FIRST_SEED, next_key="other_seed", in_link=True)
    models: dict[str, LanguageModel] = {
        "Counted": about.bigram(0),
        "Learned by the net": about.net,
        "Uniform, nothing learned": about.uniform(),
    }
    for (label, model), column in zip(models.items(), st.columns(3, gap="large"), strict=True):
        with column:
            _show_names(label, draw_names(model, about, seed), about)
    st.caption(
        ":material/bookmark: stands in the list; the others are new. The names are strange, since "
        "one letter of memory is not much; beside the uniform model one sees how much it is."
    )


def _show_names(label: str, names: list[str], about: Subject) -> None:
    st.markdown(f"**{label}**")
    st.markdown(badges(names, about.known, SHOWN))
    st.caption(f"{sum(name in about.known for name in names)} of {len(names)} stand in the list")
