"""Where a checkpoint comes from: its training, what it says of itself, its code, its names."""

import inspect
from typing import Any

import streamlit as st

from makemore.charts.losses.training_curve import training_curve
from makemore.checkpoints.store import Checkpoint
from makemore.lessons.checkpoints import looked_at
from makemore.lessons.checkpoints.claimed_losses import show_losses
from makemore.models import brick_stack
from makemore.models.bricks import Bricks, BricksConfig
from makemore.ui.kit import examined, sampled_names
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.reachable import label_of, within_reach
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.kit.seed_box import seed_box
from makemore.ui.training_panel import loss_curves

NAMES = 24
HASH = 12  # digits of a SHA-256 that tell it apart


def show_provenance(about: ChosenList, name: str, stage: Stage) -> None:
    """The recorded training; beside it the losses; below what it says of itself, its code and its names."""
    with stage.controls:
        checkpoint = looked_at.choose_looked_at(about)
        show_losses(about, checkpoint)
    with stage.picture:
        _draw_training(checkpoint)
    with stage.below:
        facts, names = st.columns(2, gap="large")
        with facts:
            _show_facts(about, checkpoint)
        with names:
            _show_names(examined.list_for(about, checkpoint) or about, checkpoint)
            _show_code(checkpoint)


def _draw_training(checkpoint: Checkpoint) -> None:
    curve = loss_curves.checkpoint_curve(checkpoint)
    steps = max(checkpoint.metadata.step, 1)
    chart = training_curve(
        loss_curves.curve_frame(curve),
        letters=len(checkpoint.vocabulary),
        steps=steps,
        shown=checkpoint.metadata.step,
        log_steps=False,
    )
    place_chart(chart, key="provenance_curve", fill="whole")
    if not curve:
        st.caption("No recording of its training came with this checkpoint.")


def _show_facts(about: ChosenList, checkpoint: Checkpoint) -> None:
    """All that the file says."""
    said = checkpoint.metadata
    rows = {
        "model": said.model,
        "parameters": f"{said.parameters:,}",
        "recipe (training configuration)": said.recipe["name"],
        "optimizer": said.recipe["optimizer"],
        "steps": f"{said.step:,}",
        "learning rate": f"{said.recipe['learning_rate']:g}",
        "mini-batch": f"{said.recipe['batch_size']:,}" if said.recipe["batch_size"] else "all",
        "seed": str(said.seed),
        "trained on": f"{said.data} ({said.trained_on})",
        "list, SHA-256": f"{said.data_sha256[:HASH]}…",
        "tensors, SHA-256": f"{said.tensors_sha256[:HASH]}…",
        "training time": f"{said.seconds:,.1f} s on {said.device}",
        "versions": ", ".join(f"{name} {each}" for name, each in said.versions.items()),
        "alphabet": " ".join(said.vocabulary),
    }
    if parent := _tell_start(about, said.start):
        rows["trained further from"] = parent
    rows |= {f"setting: {key}": str(value) for key, value in said.config.items()}
    st.subheader("What it says of itself", anchor=False)
    place_table([{"what": what, "": plain(value)} for what, value in rows.items()])


def _tell_start(about: ChosenList, sha256: str) -> str:
    """The checkpoint that its training began with, by name where it is within reach."""
    if not sha256:
        return ""
    known = {net.metadata.tensors_sha256: key for key, net in within_reach(about).items()}
    return label_of(known[sha256]) if sha256 in known else f"{sha256[:HASH]}…"


def _show_names(on: ChosenList, checkpoint: Checkpoint) -> None:
    """Names that it makes up, those of the list marked."""
    st.subheader("Names that it makes up", anchor=False)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        temperature = st.slider(
            "Temperature",
            0.2,
            2.0,
            1.0,
            0.1,
            key="provenance_temperature",
            help="Divides the logits: below 1 the likely letters get likelier, above 1 rarer ones come.",
            width=220,
        )
        seed = seed_box("provenance_seed", 42, next_label="Others", next_key="provenance_next")
    drawn = sampled_names.draw_names(checkpoint, round(float(temperature), 1), seed, NAMES)
    st.markdown(badges(drawn, on.known))
    whose = "your" if on.own else "the course's"
    st.caption(f":material/bookmark: stands in {whose} list.")


def _show_code(checkpoint: Checkpoint) -> None:
    """The Python that builds such a net, and the class that it is."""
    st.subheader("The code that builds it", anchor=False)
    st.code(write_code(checkpoint), language="python", wrap_lines=True)
    with st.expander(f"The class {type(checkpoint.model).__name__}", icon=":material/code:"):
        st.code(inspect.getsource(type(checkpoint.model)), language="python")


def write_code(checkpoint: Checkpoint) -> str:
    """Code that builds the net as it was before its training; of bricks, the bricks too."""
    about = checkpoint.metadata
    settings = ", ".join(f"{key!r}: {value!r}" for key, value in about.config.items())
    text = (
        "import torch\n\nfrom makemore.models import build\n\n"
        f"generator = torch.Generator().manual_seed({about.seed})\n"
        f"net = build({about.model!r}, {len(checkpoint.vocabulary)}, generator, {{{settings}}})"
    )
    config: Any = checkpoint.model.config
    if isinstance(checkpoint.model, Bricks) and isinstance(config, BricksConfig):
        found = brick_stack.laid(
            brick_stack.parse(config.bricks), config.block_size, len(checkpoint.vocabulary)
        )
        bricks = brick_stack.code(found).replace("net = ", "layers = ", 1)
        comments = "\n".join(f"# {line}" for line in bricks.splitlines())
        text += f"\n\n# Its layers are these:\n{comments}"
    return text
