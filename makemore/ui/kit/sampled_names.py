"""Names from a model, with seed and temperature in the learner's hand. Knows nothing of its inside."""

import streamlit as st

from makemore.checkpoints.store import Checkpoint
from makemore.inference import sampling
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.kit.seed_box import seed_box
from makemore.ui.sources import loaded

COUNT = 20
FIRST_SEED = 42


def show_samples(*models: tuple[str, Checkpoint], key: str) -> None:
    """Twenty names of each (label, checkpoint), all from one seed and temperature."""
    if not models:
        st.caption("No trained model is here yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        temperature = st.slider(
            "Temperature",
            0.2,
            2.0,
            1.0,
            0.1,
            key=f"{key}_temperature",
            width=260,
            help="Divides the logits: below 1 the likely letters get likelier, above 1 rarer ones come.",
        )
        seed = seed_box(
            f"{key}_seed", FIRST_SEED, next_label="Other names", next_key=f"{key}_other"
        )
    for (label, checkpoint), column in zip(
        models, st.columns(len(models), gap="large"), strict=True
    ):
        with column:
            _show_drawn(label, checkpoint, float(temperature), seed)


def _show_drawn(label: str, checkpoint: Checkpoint, temperature: float, seed: int) -> None:
    drawn = sampling.sample(
        checkpoint.model,
        checkpoint.vocabulary,
        COUNT,
        seed=seed,
        temperature=temperature,
        max_length=30,
    )
    real = known_names()
    st.markdown(f"**{plain(label)}**")
    st.markdown(badges(drawn, real))
    share = sum(name in real for name in drawn) / len(drawn)
    st.caption(f":material/bookmark: {share:.0%} stand in the list of names; the others are new.")


@st.cache_resource(show_spinner=False)
def known_names() -> frozenset[str]:
    """The names of the list, for a quick look-up."""
    return frozenset(loaded.name_list().names)
