"""Train, dev and test: what each is for, and how the gap opens as a net grows. Trains nothing."""

import numpy as np
import pandas as pd
import streamlit as st

from makemore.charts.losses.size_gaps import size_gaps
from makemore.checkpoints.store import Checkpoint
from makemore.experiments import studies
from makemore.experiments.studies import EMBEDDING_SIZES, HIDDEN_SIZES, STUDIES, size_variant
from makemore.inference import evaluation
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage
from makemore.ui.training_panel.runs_here import sized_runs

STUDY, NET = "size_ladder", "mlp_lecture"
WIDTHS = {"hidden": "Hidden units", "embedding": "Embedding"}
TITLES = {"hidden": "hidden units", "embedding": "embedding dimensions"}
SIZES = {"hidden": HIDDEN_SIZES, "embedding": EMBEDDING_SIZES}
USUAL = {"hidden": 200, "embedding": 10}
LOOKED = "test_looked_at"  # in the session
COLUMNS = ["width", "split", "seed", "loss"]


def show_size_ladder(about: ChosenList, name: str, stage: Stage) -> None:
    """Both losses of every net of the study, the learner's own among them, and what the splits are for."""
    with stage.controls:
        width = choose("Width that grows", WIDTHS, key="ladder_width", in_link="width")
        runs, own = ladder_runs(width), own_runs(about, width)
        _tell_gap(runs, width)
    with stage.picture:
        place_chart(size_gaps(runs, own, title=TITLES[width]), key="size_gaps", fill="whole")
    with stage.controls:
        _tell_splits(len(own) // 2)
        _offer_test(about)
    with stage.below:
        _show_leak(about)


def ladder_runs(width: str) -> pd.DataFrame:
    """Two rows a training, the other width as in the lecture's net. Raises StudyError.

    Columns: width, split, seed, loss in nats.
    """
    other = "embedding" if width == "hidden" else "hidden"
    wanted = {size_variant(**{width: size, other: USUAL[other]}): size for size in SIZES[width]}
    rows = [
        (wanted[result.variant], split, str(result.seed), getattr(result, split))
        for result in studies.read_whole(STUDY)
        if result.variant in wanted
        for split in ("train", "dev")
    ]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("width", kind="stable")


def own_runs(about: ChosenList, width: str) -> pd.DataFrame:
    """The learner's finished trainings by the recipe of the study that differ from it in this width alone."""
    other = "embedding" if width == "hidden" else "hidden"
    rows = [
        (run.settings[width], split, f"{run.seed}, yours", run.losses[split])
        for run in sized_runs(about.name_list.sha256, "mlp", STUDIES[STUDY].recipe)
        if run.settings[other] == USUAL[other]
        for split in ("train", "dev")
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _tell_gap(runs: pd.DataFrame, width: str) -> None:
    means = runs.groupby(["width", "split"])["loss"].mean().unstack()
    gaps = means["dev"] - means["train"]
    small, large = SIZES[width][0], SIZES[width][-1]
    st.markdown(
        f"Gap between dev and train: **{gaps[small]:.3f}** nats with {small} {TITLES[width]}, "
        f"**{gaps[large]:.3f}** with {large}."
    )


def _tell_splits(own: int) -> None:
    st.markdown(
        "**Train** (80%) moves the parameters. **Dev** (10%) decides between nets, rates, sizes. **Test** "
        "(10%) is looked at once, at the end: who chooses by it has trained on it."
    )
    study = STUDIES[STUDY]
    joined = f" {own} of your trainings joined in, in the accent colour." if own else ""
    st.caption(
        f"{len(study.seeds)} seeds a size, the recipe “fast” ({study.recipe.steps} steps) for all. Train ≈ dev "
        "is underfitting: a larger net would do better. Train the net of step 3 by “Fast” with an embedding "
        f"of 10 or 200 hidden units, and it joins in here.{joined}"
    )


def _offer_test(about: ChosenList) -> None:
    """The loss on test, behind a button that says what looking costs."""
    if not st.session_state.get(LOOKED):
        st.button(
            "All is decided: look at the test loss",
            key="look_at_test",
            icon=":material/lock_open:",
            on_click=lambda: st.session_state.update({LOOKED: True}),
        )
        return
    losses = about.checkpoint(NET).metadata.losses
    st.markdown(
        f"Test loss of the lecture's net: **{losses['test']:.4f}**, dev {losses['dev']:.4f}. Whatever you "
        "change from here on, this figure is spent."
    )


def leak_rows(about: ChosenList, checkpoint: Checkpoint) -> list[dict[str, str]]:
    """The dev loss on all names, on those that stand in train too, and on the others."""
    dev, train = about.dataset.names("dev"), set(about.dataset.names("train"))
    totals = evaluation.name_totals(checkpoint.model, checkpoint.vocabulary, dev).numpy()
    letters = np.array([len(each) + 1 for each in dev])
    again = np.array([each in train for each in dev])
    parts = {"all dev names": again | True, "also in train": again, "not in train": ~again}
    return [
        {
            "names": what,
            "number": f"{int(chosen.sum()):,}",
            "dev loss": f"{totals[chosen].sum() / letters[chosen].sum():.4f}",
        }
        for what, chosen in parts.items()
        if chosen.any()
    ]


def _show_leak(about: ChosenList) -> None:
    st.subheader("Names that leaked", anchor=False)
    checkpoint = about.checkpoint(NET)
    place_table(about.kept("leak", lambda: leak_rows(about, checkpoint)))
    st.caption(
        "The list has names given to girls and to boys twice, and is split by line: so some dev names stand "
        "in train too. Loss of the lecture's net in nats per character. Names listed twice are also more "
        "usual ones, so not all of the difference is memory."
    )
