"""One name as all models read it: a strip of surprises each, with loss, perplexity and rank. Knows no page."""

from math import exp

import pandas as pd
import streamlit as st

from makemore.charts.letters.surprise_strips import surprise_strips
from makemore.diagnostics.letters import name_scores
from makemore.diagnostics.letters.standings import Standings
from makemore.inference.evaluation import LetterScore, NameScore
from makemore.lessons.name_lab.ranked_names import scores_of, standings_of
from makemore.ui.kit.ask_beside import look_again
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import Mark, place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.side_by_side import WHICH, Model, models_of
from makemore.ui.kit.stage import Stage

SOON = "…"  # in the place of a rank that is being worked out


def show_strips(about: ChosenList, name: str, stage: Stage) -> None:
    """The strips; beside them what the best model says; below every figure, and the cell that is clicked."""
    with stage.controls:
        which = (
            "five" if about.own else choose("Models", WHICH, key="strips_which", in_link="models")
        )
    models = models_of(about, which)
    scores = scores_of(models, name)
    standings = {model.label: standings_of(about, model.checkpoint) for model in models}
    with stage.picture:
        frames = _frames(name, scores, standings)
        chart = surprise_strips(*frames, letters=len(about.vocabulary))
        picked = place_chart(chart, key="strips", fill="whole", on_select="rerun")
    with stage.controls:
        _tell_best(name, scores, standings)
    with stage.below:
        _show_arithmetic(picked, scores)
        place_table([_row(name, label, scores[label], standings[label]) for label in scores])
        _tell_terms(about, models)
    look_again(None in standings.values())


def worst_of(score: NameScore) -> int:
    """The place, from 0, of the letter that surprised most; the first of equals."""
    return max(range(len(score.letters)), key=lambda i: score.letters[i].nll)


def _frames(
    name: str, scores: dict[str, NameScore], standings: dict[str, Standings | None]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cells, and what stands above each strip."""
    strips = name_scores.scores(scores)
    rows = {label: row for row, label in enumerate(scores)}
    worst = {label: worst_of(score) + 1 for label, score in scores.items()}
    strips["row"] = strips["model"].map(rows)
    strips["worst"] = strips["position"] == strips["model"].map(worst)
    notes = [
        f"{label} · {score.nll:.3f} nats a letter · perplexity {exp(score.nll):.1f} · rank "
        f"{_tell_rank(name, score, standings[label])}"
        for label, score in scores.items()
    ]
    short = [
        f"{label} · {score.nll:.3f} nats · rank {_tell_rank(name, score, standings[label])}"
        for label, score in scores.items()
    ]
    columns = {"row": range(len(scores)), "model": list(scores), "note": notes, "short": short}
    models = pd.DataFrame(columns)
    return strips, models


def _tell_rank(name: str, score: NameScore, standings: Standings | None) -> str:
    return SOON if standings is None else f"{standings.rank(name, score.nll):,}"


def _tell_best(
    name: str, scores: dict[str, NameScore], standings: dict[str, Standings | None]
) -> None:
    """The model that the name surprises least, and the letter that surprises it most."""
    label = min(scores, key=lambda each: scores[each].nll)
    score, among = scores[label], standings[label]
    with st.container(horizontal=True, gap="small"):
        st.metric(
            "Lowest loss",
            f"{score.nll:.3f}",
            width="content",
            help=f"{label}: the mean of −ln p over the letters of the name and its end, in nats.",
        )
        st.metric(
            "Perplexity",
            f"{exp(score.nll):.1f}",
            width="content",
            help="exp(loss): as unsure as among so many equally likely letters.",
        )
        st.metric(
            "Rank",
            _tell_rank(name, score, among),
            width="content",
            help="1 is the name of the list that surprises the model least, by mean loss. A name that "
            "is not in the list gets the place that it would have.",
        )
    at = worst_of(score)
    st.markdown(
        f"**{plain(label)}** is surprised least by {plain(name)}; what surprised it most is "
        f"{_tell_letter(score.letters[at], at, name)}."
    )
    among_all = "" if among is None else f" Ranks are among {len(among.means):,} different names."
    st.caption(
        f"Dashed: the letter that surprised the model most. Click a cell for its arithmetic.{among_all}"
    )


def _tell_letter(letter: LetterScore, at: int, name: str) -> str:
    """Which letter it is, and how probable it was."""
    which = "the end" if at == len(name) else f"letter {at + 1}, **{plain(letter.letter)}**"
    return f"{which} ({letter.nll:.2f} nats, p = {letter.probability:.2%})"


def _show_arithmetic(picked: list[Mark], scores: dict[str, NameScore]) -> None:
    """The probability of the clicked cell, and what it adds to the loss."""
    if not picked:
        return
    labels = list(scores)
    row, position = int(picked[0]["row"]), int(picked[0]["position"])
    if row >= len(labels) or position > len(scores[labels[row]].letters):
        return
    score = scores[labels[row]]
    letter = score.letters[position - 1]
    st.markdown(
        f"**{plain(labels[row])}** sees {plain(letter.context)} and gives {plain(letter.letter)} the "
        f"probability p = {letter.probability:.6f}; −ln p = **{letter.nll:.4f}** nats, one of the "
        f"{len(score.letters)} terms whose sum is {sum(each.nll for each in score.letters):.4f}."
    )


def _row(name: str, label: str, score: NameScore, standings: Standings | None) -> dict[str, str]:
    at = worst_of(score)
    return {
        "model": plain(label),
        "sum, nats": f"{sum(letter.nll for letter in score.letters):.3f}",
        "mean, nats a letter": f"{score.nll:.4f}",
        "perplexity": f"{exp(score.nll):.2f}",
        "rank": _tell_rank(name, score, standings),
        "most surprised by": _tell_letter(score.letters[at], at, name),
    }


def _tell_terms(about: ChosenList, models: list[Model]) -> None:
    size = len(about.vocabulary)
    of = "your list" if about.own else "the course's list"
    own = " Your own checkpoints stand last." if any(model.own for model in models) else ""
    st.caption(
        "Sum: the negative log-likelihood (NLL) of the whole name; e to its negative is the name's "
        "probability. Mean: the sum divided by the letters, the end counted. In the legend: the uniform "
        f"baseline, which gives each of the {size} letters 1/{size}, loses ln {size} nats on every one. "
        f"Ranks are exact: each model has scored every name of {of}.{own}"
    )
