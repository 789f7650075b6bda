"""Two checkpoints side by side: where in names one is better, what differs, how far their weights lie apart."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st
from torch import Tensor

from makemore.charts.letters.name_scores import name_scores
from makemore.charts.losses.losses_by_position import loss_differences, losses_by_group
from makemore.checkpoints.claims import differences
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Split
from makemore.diagnostics.layers.weight_histograms import distance_table
from makemore.diagnostics.letters.name_scores import scores
from makemore.diagnostics.losses import losses_by_position as frames
from makemore.inference import evaluation, example_losses
from makemore.inference.tensor_numbers import distances, named_tensors
from makemore.lessons.checkpoints import looked_at
from makemore.ui.kit import examined
from makemore.ui.kit.choose import choose
from makemore.ui.kit.choose_checkpoint import choose_checkpoint, label_of
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import TooLargeError
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain

OTHER, FIRST = "compared_with", "mlp"
FIRST_OF_LIST = "bigram"  # it is counted at once: nobody need train it first
SPLIT: Split = "dev"
LAST = 10  # letter of a name; those after it count with it
LAST_WORD = f"{LAST}+"
BY = {"position": "Place in the name", "letter": "Letter that comes"}
PARTS = {"its first letter": (1, 1), "letters 2 to 4": (2, 4), "letter 5 and after": (5, LAST)}


def show_two(about: ChosenList, name: str, stage: Stage) -> None:
    """Their losses by place or letter, and what each adds to the difference; the rest of it below."""
    # Of an own list those that were trained on it take part, which the shipped ones stand for.
    fits = looked_at.fits_all if about.own else partial(_covers, about)
    of = about if about.own else None
    begin = FIRST_OF_LIST if about.own else FIRST
    with stage.controls:
        one = choose_checkpoint(
            fits, key=OTHER, first=begin, about=of, label="The first", in_link="beside"
        )
        other = looked_at.choose_looked_at(fits, about=of, label="The second")
        labels = frames.distinct(
            (label_of(st.session_state[OTHER]), label_of(st.session_state[looked_at.KEY]))
        )
    try:
        losses = _losses(about, (one, other), labels)
    except TooLargeError as error:
        stage.picture.info(plain(str(error)), icon=":material/info:")
        return
    dataset = examined.dataset_for(about, one)
    assert dataset is not None  # what is chosen covers the list
    by_place = frames.by_position(losses, example_losses.places(dataset, SPLIT), last=LAST)
    with stage.controls:
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
        frame = by_place if by == "position" else _by_letter(losses, dataset, one)
        _draw_two(frame, by, labels)
    with stage.below:
        _show_rest(about, name, (one, other), labels)


def _covers(about: ChosenList, checkpoint: Checkpoint) -> str:
    lacks = " ".join(examined.lacking_letters(about, checkpoint))
    return f"it does not know {lacks} of the chosen list" if lacks else ""


def _losses(
    about: ChosenList, nets: tuple[Checkpoint, Checkpoint], labels: tuple[str, str]
) -> dict[str, Tensor]:
    found = {}
    for label, net in zip(labels, nets, strict=True):
        dataset = examined.dataset_for(about, net)
        assert dataset is not None
        found[label] = examined.losses_of(about, net, dataset, SPLIT)
    return found


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


def _show_rest(
    about: ChosenList,
    name: str,
    nets: tuple[Checkpoint, Checkpoint],
    labels: tuple[str, str],
) -> None:
    sections: list[Callable[[], None]] = [
        partial(_show_name, name, nets, labels),
        partial(_show_differences, nets, labels),
        partial(_show_distances, nets, labels),
    ]
    for section in sections:
        section()


def _show_name(name: str, nets: tuple[Checkpoint, Checkpoint], labels: tuple[str, str]) -> None:
    st.subheader(f"{plain(name)} through both", anchor=False)
    unknown = [
        label
        for label, net in zip(labels, nets, strict=True)
        if set(name) - set(net.vocabulary.characters)
    ]
    if unknown:
        st.info(f"{plain(unknown[0])} does not know every letter of {plain(name)}.")
        return
    scored = {
        label: evaluation.score(net.model, net.vocabulary, [name])[0]
        for label, net in zip(labels, nets, strict=True)
    }
    place_chart(name_scores(scores(scored), letters=len(nets[0].vocabulary)), key="two_name")
    told = ", ".join(f"{plain(label)} {score.nll:.4f}" for label, score in scored.items())
    st.caption(f"Mean loss of {plain(name)}, its end counted: {told} nats a character.")


def _show_differences(nets: tuple[Checkpoint, Checkpoint], labels: tuple[str, str]) -> None:
    st.subheader("What they say differently", anchor=False)
    found = differences(nets[0].metadata, nets[1].metadata)
    if not found:
        st.caption("Nothing: model, settings, recipe, seed and data are the same.")
        return
    place_table(
        [
            {
                "what": plain(each.what),
                plain(labels[0]): _written(each.one),
                plain(labels[1]): _written(each.other),
            }
            for each in found
        ]
    )


def _written(value: object) -> str:
    return "–" if value is None else plain(str(value)[:60])


def _show_distances(nets: tuple[Checkpoint, Checkpoint], labels: tuple[str, str]) -> None:
    st.subheader("How far their weights lie apart", anchor=False)
    found = distances(*(named_tensors(net.model) for net in nets))
    table = distance_table(found)
    if not len(table):
        st.caption("They have no tensor of the same name and shape, so there is no distance.")
        return
    only = len(found) - len(table)
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={
            "distance": st.column_config.NumberColumn(format="%.4f"),
            "relative": st.column_config.NumberColumn("over the first one's norm", format="%.4f"),
            "cosine": st.column_config.NumberColumn("cosine of the angle", format="%.4f"),
        },
    )
    st.caption(
        "Distance: the norm of the difference of two tensors of one name and shape. Weights of two seeds "
        "lie far apart though the nets predict alike: hidden units can be put in any order."
        + (f" {only} tensors of either have no such partner." if only else "")
    )
