"""What names cost on the MLP and on the tree: on average, this one, and how often the tree does worse."""

from math import exp

import streamlit as st
import torch
from torch import Tensor

from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.inference import evaluation
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources.kept import kept_per_checkpoint

NETS = ("mlp", "wavenet")
EXAMPLE = "emma"  # the tree expects it less than the MLP does, though it learned from it


def show_costs(about: ChosenList, name: str) -> None:
    """Dev loss, perplexity and the mean loss of the name, net by net; and that the average hides some."""
    nets = about.checkpoints(NETS)
    rows = [
        {
            "net": SHIPPED[key].label,
            "dev loss": f"{net.metadata.losses['dev']:.3f}",
            "perplexity": f"{exp(net.metadata.losses['dev']):.2f}",
            plain(name): f"{cost_of(net, name):.3f}",
        }
        for key, net in zip(NETS, nets, strict=True)
    ]
    place_table(rows)
    few, wide = (dev_costs(net, about.dataset) for net in nets)
    worse = (wide > few).float().mean()
    example = ""
    if not about.own:
        flat, deep = (cost_of(net, EXAMPLE) for net in nets)
        example = f", and on {EXAMPLE}, which both learned from: {deep:.3f} against {flat:.3f}"
    st.caption(
        "Loss: nats a character, the end of the name counted. Perplexity is exp(dev loss): among so many "
        f"equally likely letters one would be as unsure. On {float(worse):.0%} of the {len(few):,} dev "
        f"names the tree does worse than the MLP{example}."
    )


def cost_of(checkpoint: Checkpoint, name: str) -> float:
    """Mean NLL a character of one name, in nats."""
    return evaluation.score(checkpoint.model, checkpoint.vocabulary, [name])[0].nll


@kept_per_checkpoint(most=4)
def dev_costs(checkpoint: Checkpoint, dataset: Dataset) -> Tensor:
    """The same for every dev name, in their order."""
    net, names = checkpoint.model, dataset.names("dev")
    examples = dataset.examples("dev", net.block_size)
    logp = evaluation.log_probabilities(net, examples.contexts)
    lost = -logp.gather(1, examples.targets[:, None])[:, 0]
    letters = torch.tensor([len(name) + 1 for name in names])
    of = torch.repeat_interleave(torch.arange(len(names)), letters)
    return torch.zeros(len(names)).index_add_(0, of, lost) / letters
