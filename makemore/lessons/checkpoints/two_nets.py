"""Two checkpoints side by side: where in names, or at which letters, one is better. Trains nothing."""

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.charts.losses.losses_by_position import loss_differences, losses_by_group
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Split
from makemore.diagnostics.losses import losses_by_position as frames
from makemore.inference import example_losses
from makemore.lessons.checkpoints import looked_at
from makemore.lessons.checkpoints.differing import Pair, show_differing
from makemore.ui.kit import examined
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import TooLargeError
from makemore.ui.kit.name_box import DEFAULT, check_name
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.reachable import label_of
from makemore.ui.kit.safe_text import plain

OTHER, FIRST = "compared_with", "mlp"
SPLIT: Split = "dev"
LAST = 10  # letter of a name; those after it count with it
LAST_WORD = f"{LAST}+"
BY = {"position": "Place in the name", "letter": "Letter that comes"}
PARTS = {"its first letter": (1, 1), "letters 2 to 4": (2, 4), "letter 5 and after": (5, LAST)}


def show_two(about: ChosenList, name: str, stage: Stage) -> None:
    """Their losses by place or letter, and what each adds to the difference; the rest of it below."""
    with stage.controls:
        nets, labels = _choose_two(about)
    on = examined.list_for(about, *nets)
    assert on is not None  # else the first would not fit beside the second
    try:
        losses = _losses(on, nets, labels)
    except TooLargeError as error:
        stage.picture.info(plain(str(error)), icon=":material/info:")
        return
    dataset = examined.dataset_for(on, nets[0])
    by_place = frames.by_position(losses, example_losses.places(dataset, SPLIT), last=LAST)
    with stage.controls:
        if measured := examined.tell_list(about, on):
            st.caption(measured)
        answered = _ask(by_place, labels)
        if not answered:
            with stage.picture:
                first = by_place[by_place["net"] == labels[0]]
                place_chart(
                    losses_by_group(first, "position", last=LAST_WORD),
                    key="two_first",
                    fill="whole",
                )
            return
        by = choose("By", BY, key="two_by", in_link="by")
        _tell_difference(by_place, labels)
    with stage.picture:
        frame = by_place if by == "position" else _by_letter(losses, dataset, nets[0])
        _draw_two(frame, by, labels)
    with stage.below:
        show_differing(_name_on(on, name), nets, labels)


def _choose_two(about: ChosenList) -> tuple[Pair, tuple[str, str]]:
    """The first, which must read a list that the second one reads too, and how they are called."""
    above = st.container()
    other = looked_at.choose_looked_at(about, looked_at.reads_a_list(about), label="The second")

    def fits(net: Checkpoint) -> str:
        return (
            "" if examined.list_for(about, net, other) else "it reads no list that the second reads"
        )

    with above:
        one = choose_checkpoint(
            fits, key=OTHER, first=FIRST, beside=about, label="The first", in_link="beside"
        )
    keys = st.session_state[OTHER], st.session_state[looked_at.KEY]
    return (one, other), frames.distinct((label_of(keys[0]), label_of(keys[1])))


def _name_on(on: ChosenList, name: str) -> str:
    """The learner's name, or of a list in other letters the one that everybody begins with."""
    return DEFAULT if not on.own and check_name(name, on.vocabulary)[1] else name


def _losses(on: ChosenList, nets: Pair, labels: tuple[str, str]) -> dict[str, Tensor]:
    return {
        label: examined.losses_of(on, net, examined.dataset_for(on, net), SPLIT)
        for label, net in zip(labels, nets, strict=True)
    }


def _by_letter(losses: dict[str, Tensor], dataset: Dataset, one: Checkpoint) -> pd.DataFrame:
    targets = dataset.examples(SPLIT, one.model.block_size).targets
    return frames.by_letter(losses, targets, one.vocabulary)


def _draw_two(frame: pd.DataFrame, by: str, labels: tuple[str, str]) -> None:
    last = LAST_WORD if by == "position" else ""
    place_chart(losses_by_group(frame, by, last=last), key="two_losses", fill="half")
    parts = frames.contributions(frame, by)
    place_chart(loss_differences(parts, by, labels, last=last), key="two_parts", fill="half")


def _ask(by_place: pd.DataFrame, labels: tuple[str, str]) -> bool:
    """Where the difference comes from, in three parts of a name."""
    parts = frames.contributions(by_place, "position")
    adds = {
        words: float(parts["adds"][parts["position"].between(*span)].sum())
        for words, span in PARTS.items()
    }
    shares = {
        words: float(parts["share"][parts["position"].between(*span)].sum())
        for words, span in PARTS.items()
    }
    whole = float(parts["adds"].sum())
    choices = {
        words: f"{_capital(words)} {_are(words)} {shares[words]:.0%} of what is guessed and {_add(words)} "
        f"{adds[words]:+.4f} of the {whole:+.4f} nats between the two."
        for words in PARTS
    }
    answer = max(adds, key=lambda words: abs(adds[words]))
    return ask_to_predict(
        f"drawn is where in names **{plain(labels[0])}** loses, on the dev names. Where does most of the "
        f"difference to **{plain(labels[1])}** come from?",
        choices,
        answer=answer,
        key="two_where",
    )


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _are(words: str) -> str:
    return "are" if words.startswith("letters") else "is"


def _add(words: str) -> str:
    return "add" if words.startswith("letters") else "adds"


def _tell_difference(by_place: pd.DataFrame, labels: tuple[str, str]) -> None:
    parts = frames.contributions(by_place, "position")
    one, other = (float((parts[side] * parts["share"]).sum()) for side in ("one", "other"))
    place_table(
        [
            {"net": plain(labels[0]), "dev loss": f"{one:.4f}"},
            {"net": plain(labels[1]), "dev loss": f"{other:.4f}"},
            {"net": "second less first", "dev loss": f"{other - one:+.4f}"},
        ]
    )
    st.caption(
        "A bar is a place's own difference times its share of the letters: the bars add up to the whole "
        "difference. A dot is as large as its share."
    )
