"""Names from several bigrams with one seed, which is part of the link. Knows one list, no page."""

import streamlit as st

from makemore.inference import sampling
from makemore.models import LanguageModel
from makemore.ui.kit.choose import choose
from makemore.ui.kit.own_list import Subject, logits_of, net_with_logits
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.kit.seed_box import seed_box

COUNT, LONGEST = 20, 30
SEED, FIRST_SEED = "seed", 14  # of all that is drawn on the counting pages
SHOWN = 15  # letters; a name without end says enough by then

MOMENTS = {"all": "the whole training", "200": "200 steps", "20": "20 steps"}


def draw_names(model: LanguageModel, about: Subject, seed: int) -> list[str]:
    """Twenty names."""
    return sampling.sample(model, about.vocabulary, COUNT, seed=seed, max_length=LONGEST)


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


def show_same_names(about: Subject, name: str) -> None:
    """The names of the counts and of the net line by line, from the same random numbers."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_box(SEED, FIRST_SEED, next_key="other_seed", in_link=True)
        after = choose("The net after", MOMENTS, key="same_seed_after")
    bigram = about.bigram(0)
    net = about.net if after == "all" else net_with_logits(about.moments[int(after)])
    counted, learned = draw_names(bigram, about, seed), draw_names(net, about, seed)
    same = sum(a == b for a, b in zip(counted, learned, strict=True))
    with st.container(horizontal=True, gap="medium"):
        st.metric("The same names", f"{same} of {COUNT}", width="content")
        apart = (logits_of(net).softmax(dim=1) - bigram.probabilities).abs().max()
        st.metric("Largest difference of a probability", f"{float(apart):.2%}", width="content")
    rows = [
        {
            "counted": plain(a) or "(empty)",
            "learned": plain(b) or "(empty)",
            "": "the same" if a == b else "differs",
        }
        for a, b in zip(counted, learned, strict=True)
    ]
    st.table(rows, border="horizontal", hide_index=True)
    st.caption(
        "A random number falls to the same letter in both models unless it lies just where their "
        "probabilities end differently; then the rest of that name differs too."
    )
