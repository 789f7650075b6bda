"""Cross-entropy by hand on one real context, with a logit that grows until exp overflows."""

import pandas as pd
import streamlit as st
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from makemore.by_hand import cross_entropy as by_hand
from makemore.charts.base.chart import Chart
from makemore.charts.losses.overflowing_logits import logit_bars, loss_by_constant
from makemore.lessons.mlp.chosen_context import Looked, choose_context
from makemore.ui.kit import examined, links
from makemore.ui.kit.choose import choose
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

KEY = "entropy"
MOST = 120  # the constant, in nats
SWITCH = {"no": "As it is", "yes": "Maximum subtracted"}
FORMULAS = {
    "no": "counts = logits.exp()\nprobs = counts / counts.sum()\nloss = -probs[target].log()",
    "yes": "logits = logits - logits.max()\ncounts = logits.exp()\n"
    "loss = counts.sum().log() - logits[target]",
}


def show_cross_entropy(about: ChosenList, name: str, first: str, stage: Stage) -> None:
    """Losses over the constant, the logits with it, and both ways to the loss."""
    with stage.controls:
        above = st.container()
        looked = choose_context(about, name, first, key=KEY)
        with above:
            letter, constant, subtracted = _choose(looked)
            st.code(FORMULAS["yes" if subtracted else "no"], language="python", wrap_lines=True)
        logits = by_hand.with_constant(_logits(looked), letter, torch.tensor([float(constant)]))
        with above:
            _show_losses(about, looked, logits, subtracted=subtracted)
    with stage.picture:
        curve = losses_by_constant(looked, letter, subtracted=subtracted)
        broken = curve["by_hand"].iloc[-1]
        said = "" if abs(broken) < float("inf") else f"{broken}"
        chart = loss_by_constant(curve, chosen=constant, broken=said)
        place_chart(chart, key=f"{KEY}_losses", fill="half")
        place_chart(_bars(looked, logits, subtracted=subtracted), key=f"{KEY}_logits", fill="half")


def _choose(looked: Looked) -> tuple[int, float, bool]:
    """Which logit grows, by how much, and whether the maximum is subtracted."""
    letters, target = looked.vocabulary.letters, looked.vocabulary.letters[looked.target]
    slider, box = f"{KEY}_add", f"{KEY}_letter_{target}"
    constants = range(MOST + 1)
    links.bound("add", key=slider, options=constants, first=0)
    constant = st.select_slider("Constant added to one logit", constants, key=slider)
    links.bound("letter", key=box, options=letters, first=target)
    letter = st.selectbox("To that of the letter", letters, key=box)
    subtracted = choose("By hand", SWITCH, key=f"{KEY}_maximum", in_link="maximum") == "yes"
    return letters.index(letter), float(constant), subtracted


def _logits(looked: Looked) -> Tensor:
    """(vocab,), in single precision, as the net has them."""
    with torch.inference_mode():
        logits: Tensor = looked.checkpoint.model(looked.ids)[0]
    return logits.clone()


def losses_by_constant(looked: Looked, letter: int, *, subtracted: bool) -> pd.DataFrame:
    """Both losses for every place of the slider. Columns: constant, by_hand, library."""
    constants = torch.arange(MOST + 1, dtype=torch.float32)
    logits = by_hand.with_constant(_logits(looked), letter, constants)
    targets = torch.full((len(constants),), looked.target)
    return pd.DataFrame(
        {
            "constant": constants.tolist(),
            "by_hand": _by_hand(logits, targets, subtracted=subtracted).tolist(),
            "library": cross_entropy(logits, targets, reduction="none").tolist(),
        }
    )


def _by_hand(logits: Tensor, targets: Tensor, *, subtracted: bool) -> Tensor:
    way = by_hand.repaired if subtracted else by_hand.cross_entropy
    return way(logits, targets)


def _show_losses(about: ChosenList, looked: Looked, logits: Tensor, *, subtracted: bool) -> None:
    """By hand and by the library: of this context, and of a whole batch without any constant."""
    net = looked.checkpoint.model
    batch = examined.batch_of(about.dataset, net.block_size)
    with torch.inference_mode():
        many = net(batch.contexts)
    compared = {
        plain(looked.context): (logits, torch.tensor([looked.target])),
        f"a batch of {len(batch)}": (many, batch.targets),
    }
    rows = []
    for what, (each, targets) in compared.items():
        own = float(_by_hand(each, targets, subtracted=subtracted).mean())
        theirs = float(cross_entropy(each, targets))
        rows.append(
            {
                "loss of": what,
                "by hand": f"{own:.5f}",
                "library": f"{theirs:.5f}",
                "apart": f"{abs(own - theirs):.0e}",
            }
        )
    place_table(rows)
    st.caption(_tell(looked, logits, subtracted=subtracted))


def _tell(looked: Looked, logits: Tensor, *, subtracted: bool) -> str:
    target = plain(looked.vocabulary.letters[looked.target])
    highest = float(logits.max())
    begin = f"After {plain(looked.context)} comes {target}. "
    if highest <= by_hand.OVERFLOW:
        return f"{begin}The highest logit is {highest:.2f}: its exp fits 32 bits."
    if subtracted:
        return (
            f"{begin}The highest logit is {highest:.2f}; less the maximum it is 0, and exp of it 1. The "
            "probabilities are the same: the subtracted constant cancels."
        )
    own = logits[0, looked.target] == logits.max()
    why = "inf / inf, which is nan" if own else "a number divided by inf: 0, and −log 0 is inf"
    return f"{begin}exp({highest:.2f}) is inf in 32 bits. The probability of {target} is {why}."


def _bars(looked: Looked, logits: Tensor, *, subtracted: bool) -> Chart:
    shown = (by_hand.without_maximum(logits) if subtracted else logits)[0]
    letters = looked.vocabulary.letters
    frame = pd.DataFrame(
        {
            "letter": letters,
            "logit": shown.tolist(),
            "counts": [f"{each:.4g}" for each in shown.exp().tolist()],
            "target": [place == looked.target for place in range(len(letters))],
        }
    )
    return logit_bars(frame, limit=by_hand.OVERFLOW, given=looked.context)
