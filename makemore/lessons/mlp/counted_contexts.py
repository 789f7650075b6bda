"""Why a table of counts does not simply get longer contexts. Knows the counts of one list, trains nothing."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from makemore.by_hand import ngrams
from makemore.by_hand.ngrams import Order
from makemore.charts.losses.counted_contexts import counted_losses, counted_rows
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import windows
from makemore.ui.kit import ask_beside, links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.predict import ask_to_predict
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage
from makemore.ui.sources import counted_contexts

NETS = ("mlp", "wavenet")  # in the order of their context lengths
FIRST = 3  # letters of context, those of the MLP


def show_counted_contexts(about: ChosenList, name: str, stage: Stage) -> None:
    """Losses and rows over the letters of context, and how often train has the contexts of the name."""
    orders = _count(about)
    ask_beside.look_again(orders is None)
    if orders is None:
        stage.picture.caption(
            "The contexts of this list are being counted; they come by themselves."
        )
        return
    with stage.controls:
        letters = _choose_letters(len(orders))
        answered = about.own or _ask_best(orders)
        _tell_order(orders[letters - 1], answered=answered)
        _tell_name(about, name, letters)
        if answered:
            _tell_nets(about, orders)
    frame = pd.DataFrame(orders)
    if not answered:
        frame["dev"] = float("nan")
    with stage.picture:
        losses = counted_losses(frame, net_losses(about, shown=answered), chosen=letters)
        place_chart(losses, key="counted_losses", fill="half")
        place_chart(counted_rows(frame, chosen=letters), key="counted_rows", fill="half")


def _count(about: ChosenList) -> tuple[Order, ...] | None:
    if not counted_contexts.takes_long(about.dataset):
        return counted_contexts.orders_of(about.dataset)
    return ask_beside.ask_beside(
        about, "ngram orders", lambda: counted_contexts.orders_of(about.dataset)
    )


def net_losses(about: ChosenList, *, shown: bool = True) -> pd.DataFrame:
    """What the nets of this list reach that are there. Columns: label, letters, dev."""
    found = about.trained(NETS) if shown else {}
    rows = [
        (
            f"{SHIPPED[name].label}, {net.model.block_size} letters",
            net.model.block_size,
            net.metadata.losses["dev"],
        )
        for name, net in found.items()
    ]
    return pd.DataFrame(rows, columns=["label", "letters", "dev"])


def _choose_letters(longest: int) -> int:
    key = "counted_letters"
    options = range(1, longest + 1)
    links.bound("letters", key=key, options=options, first=FIRST)
    return int(st.select_slider("Context length, letters", options, key=key))


def best_order(orders: Sequence[Order]) -> Order:
    """The one whose dev loss is lowest."""
    return min(orders, key=lambda order: order.dev)


def _ask_best(orders: Sequence[Order]) -> bool:
    best, two, last = best_order(orders), orders[1], orders[-1]
    longer = orders[min(best.letters, len(orders) - 1)]
    choices = {
        "2 letters": f"It reaches {two.dev:.3f}: its rows are full, but two letters say too little.",
        f"{best.letters} letters": f"It reaches {best.dev:.3f}. With {longer.letters} letters "
        f"{longer.unseen:.0%} of the dev contexts were never counted, and it is {longer.dev:.3f}.",
        f"{last.letters} letters": f"Within train that fits best. But {last.unseen:.0%} of the dev "
        f"contexts were never counted, and the loss is {last.dev:.3f}.",
    }
    return ask_to_predict(
        "the dashed line is what a table of counts reaches on the names it has counted. Other names are "
        "predicted with its counts, smoothed. With how many letters of context is that dev loss lowest?",
        choices,
        answer=f"{best.letters} letters",
        key="counted_best",
    )


def _tell_order(order: Order, *, answered: bool) -> None:
    rows = [
        {"what": "possible contexts", "number": f"{order.rows:,}"},
        {"what": "distinct contexts in train", "number": f"{order.seen:,}"},
        {"what": "of these, seen once", "number": f"{order.once:,}"},
        {"what": "entropy within train", "number": f"{order.floor:.3f}"},
    ]
    if answered:
        rows += [
            {"what": "dev contexts never seen", "number": f"{order.unseen:.1%}"},
            {"what": "dev loss of the counts", "number": f"{order.dev:.3f}"},
        ]
    place_table(rows)


def _tell_name(about: ChosenList, name: str, letters: int) -> None:
    """How often train has each context of the name."""
    counted = about.dataset.examples("train", letters).contexts
    contexts = windows((name,), about.vocabulary, letters).contexts
    seen = ngrams.times_seen(counted, contexts)
    told = ", ".join(
        f"“{plain(about.vocabulary.decode(context.tolist()))}” {times:,}"
        for context, times in zip(contexts, seen, strict=True)
    )
    st.markdown(f"How often train has the contexts of {plain(name)}: {told}.")


def _tell_nets(about: ChosenList, orders: Sequence[Order]) -> None:
    best = best_order(orders)
    words = [f"{net['label']} {net['dev']:.3f}" for net in net_losses(about).to_dict("records")]
    beside = f" Nets: {'; '.join(words)}." if words else ""
    st.caption(
        f"Counting is best with {best.letters} letters: {best.dev:.3f} nats. From there on a net pays: it "
        f"shares what it learns among contexts that are alike.{beside} Smoothing: absolute discount "
        f"{ngrams.DISCOUNT}, interpolated over all shorter contexts."
    )
