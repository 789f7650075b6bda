"""Batch norm backward in one line: derived, drawn as three terms, with either variance. Knows one batch."""

from collections.abc import Mapping
from typing import Literal

import pandas as pd
import streamlit as st
import torch

from makemore.by_hand.fused_backprop import Derivation, norm_derivation
from makemore.by_hand.norm_terms import TERMS, check_divisors, norm_terms, normalise
from makemore.charts.layers.gradient_terms import gradient_terms
from makemore.lessons.backprop.one_batch import Pass, pass_of, write_shape
from makemore.ui.kit import links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.stage import Stage

Divisor = Literal["unbiased", "biased"]
DIVISORS: Mapping[Divisor, str] = {"unbiased": "n − 1", "biased": "n"}
NEURON = 42  # of which all three terms can be seen
FORWARD = (
    r"Forward: $y = \gamma\,\hat x + \beta$ with $\hat x = s\,(x - \mu)$ and "
    r"$s = (\sigma^2 + \varepsilon)^{-1/2}$. Backward, in four steps:"
)
REACHED = ("bnraw", "bnvar", "bnmeani", "hprebn")  # what each step of the derivation comes to


def show_norm_in_one_line(about: ChosenList, name: str, stage: Stage) -> None:
    """The four steps and what the last one says of one neuron; whether it is right for either variance."""
    found = pass_of(about, name)
    with stage.controls:
        divisor = choose(
            "Squares divided by",
            DIVISORS,
            key="norm_divisor",
            in_link="variance",
            help="The variance of a batch: unbiased by n − 1, as in this net, or biased by n.",
        )
        neuron = _choose_neuron(found)
    unbiased = divisor == "unbiased"
    terms = terms_of(found, neuron, unbiased=unbiased)
    with stage.controls:
        _tell_directions(directions(found, terms, neuron, unbiased=unbiased))
        _tell_divisors(found)
    with stage.picture:
        place_chart(gradient_terms(terms, neuron=neuron), key="norm_terms", fill="third")
        with st.container(gap="xsmall"):
            _derive(found, norm_derivation(unbiased=unbiased))


def terms_of(found: Pass, neuron: int, *, unbiased: bool) -> pd.DataFrame:
    """`example` and a column a path: what comes back to one neuron's input of batch norm."""
    parts = found.values["hprebn"], found.values["bngain"], found.own["hpreact"]
    terms = norm_terms(*parts, unbiased=unbiased)
    columns = {path: term[:, neuron].double().tolist() for path, term in terms.items()}
    return pd.DataFrame({"example": range(1, len(found.labels) + 1), **columns})


def differs_from_chain(found: Pass) -> float:
    """The largest difference of the one line, with n − 1, from the chain through seven values."""
    parts = found.values["hprebn"], found.values["bngain"], found.own["hpreact"]
    line = torch.stack(list(norm_terms(*parts).values())).sum(0)
    return float((line - found.own["hprebn"]).abs().max())


def _choose_neuron(found: Pass) -> int:
    hidden = found.values["hprebn"].shape[1]
    links.bound("neuron", key="norm_neuron", options=range(hidden), first=NEURON)
    help = "Batch norm treats each neuron by itself, over all examples of the batch."
    return int(st.number_input("Neuron", 0, hidden - 1, key="norm_neuron", help=help))


def directions(
    found: Pass, terms: pd.DataFrame, neuron: int, *, unbiased: bool
) -> dict[str, tuple[float, float]]:
    """Along the two directions that change nothing: what comes directly, and what all three terms leave."""
    bnraw = normalise(found.values["hprebn"], unbiased=unbiased)[0][:, neuron].double().numpy()
    direct = terms[TERMS[0]]
    total = terms[list(TERMS)].sum(axis=1)
    return {
        "summed over the batch": (float(direct.sum()), float(total.sum())),
        "times x̂, summed": (float((direct * bnraw).sum()), float((total * bnraw).sum())),
    }


def _tell_directions(sums: Mapping[str, tuple[float, float]]) -> None:
    place_table(
        [
            {"of this neuron": name, "directly": f"{direct:+.4f}", "all three": f"{total:+.0e}"}
            for name, (direct, total) in sums.items()
        ]
    )


def _tell_divisors(found: Pass) -> None:
    st.markdown(
        f"With n − 1 the one line differs from the chain through seven values by at most "
        f"{differs_from_chain(found):.1e}: rounding."
    )
    checks = check_divisors(found.values, found.own["hpreact"])
    words = {True: DIVISORS["unbiased"], False: DIVISORS["biased"]}
    place_table(
        [
            {
                "net": words[net],
                "one line": words[line],
                "against autograd": f"**{check.verdict}**, {check.largest:.1e}",
            }
            for (net, line), check in checks.items()
        ]
    )
    st.caption(
        "The line has to divide as the net does. This net divides by n − 1, as the lecture's; "
        "torch.nn.BatchNorm1d normalises a batch by n and keeps n − 1 for its running variance."
    )


def _derive(found: Pass, steps: tuple[Derivation, ...]) -> None:
    """Step by step: what it comes to and its shape, the formula, and why."""
    st.markdown(FORWARD)
    for place, (step, reached) in enumerate(zip(steps, REACHED, strict=True), start=1):
        words, formula = st.columns([1, 2], vertical_alignment="center")
        with words:
            shape = write_shape(found.values[reached])
            st.markdown(f"**{place}. {step.title}** ({shape})", help=step.words)
        with formula:
            st.latex(step.formula)
