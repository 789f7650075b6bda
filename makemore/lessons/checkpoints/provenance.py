"""Where a checkpoint comes from and whether its losses hold: said beside measured, its code, its names."""

import inspect
from typing import Any

import streamlit as st

from makemore.charts.losses.training_curve import training_curve
from makemore.checkpoints.claims import Claim, is_measured_on
from makemore.checkpoints.metadata import SPLITS
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset, Split
from makemore.inference import sampling
from makemore.lessons.checkpoints import looked_at
from makemore.models import brick_stack
from makemore.models.bricks import Bricks, BricksConfig
from makemore.ui.kit import examined
from makemore.ui.kit.choose_checkpoint import label_of, within_reach
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import TooLargeError
from makemore.ui.kit.page_frame import Stage
from makemore.ui.kit.place_chart import place_chart
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import badges, plain
from makemore.ui.kit.seed_box import seed_box
from makemore.ui.training_panel import loss_curves

NAMES, LONGEST = 24, 30
HASH = 12  # digits of a SHA-256 that tell it apart


def show_provenance(about: ChosenList, name: str, stage: Stage) -> None:
    """The recorded training; beside it the losses; below what it says of itself, its code and its names."""
    with stage.controls:
        checkpoint = looked_at.choose_looked_at()
        _show_losses(about, checkpoint)
    with stage.picture:
        _draw_training(checkpoint)
    with stage.below:
        facts, names = st.columns(2, gap="large")
        with facts:
            _show_facts(checkpoint)
        with names:
            _show_names(about, checkpoint)
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


def _show_losses(about: ChosenList, checkpoint: Checkpoint) -> None:
    """What it says of its losses beside what is measured here, in red where they differ."""
    dataset = examined.dataset_for(about, checkpoint)
    if dataset is None:
        lacks = " ".join(examined.lacking_letters(about, checkpoint))
        _list_claims(checkpoint)
        st.info(
            f"It cannot be measured on the chosen list: it does not know {plain(lacks)}.",
            icon=":material/info:",
        )
        return
    splits = SPLITS if st.toggle("Measure train too", key="claim_train") else SPLITS[1:]
    try:
        if is_measured_on(checkpoint, dataset):
            _show_claims([examined.claim_of(about, checkpoint, dataset, each) for each in splits])
        else:
            _show_other_list(about, checkpoint, dataset, splits)
    except TooLargeError as error:
        _list_claims(checkpoint)
        st.info(plain(str(error)), icon=":material/info:")


def _list_claims(checkpoint: Checkpoint) -> None:
    losses = checkpoint.metadata.losses
    place_table([{"loss": split, "it says": f"{losses[split]:.4f}"} for split in SPLITS])


def _show_claims(claims: list[Claim]) -> None:
    place_table(
        [
            {
                "loss": f"{claim.split}{' (seen)' if claim.seen else ''}",
                "it says": f"{claim.claimed:.4f}",
                "measured": f"{claim.measured:.4f}"
                if claim.holds
                else f":red[**{claim.measured:.4f}**]",
            }
            for claim in claims
        ]
    )
    wrong = [claim for claim in claims if not claim.holds]
    if wrong:
        told = ", ".join(
            f"{claim.split} {claim.claimed:.4f} and not {claim.measured:.4f}" for claim in wrong
        )
        st.error(
            f"What it says of its losses is not what is measured here: it says {told}.",
            icon=":material/error:",
        )
    else:
        st.success("Measured here, they are what it says.", icon=":material/check_circle:")


def _show_other_list(
    about: ChosenList, checkpoint: Checkpoint, dataset: Dataset, splits: tuple[Split, ...]
) -> None:
    """It was measured on another list, so nothing it says can be held against this one."""
    losses = checkpoint.metadata.losses
    place_table(
        [
            {
                "loss": split,
                "it says": f"{losses[split]:.4f}",
                "on this list": f"{examined.loss_of(about, checkpoint, dataset, split):.4f}",
            }
            for split in splits
        ]
    )
    st.info(
        f"It was trained and measured on another list, {plain(checkpoint.metadata.data)}, so the two "
        "columns need not agree.",
        icon=":material/info:",
    )


def _show_facts(checkpoint: Checkpoint) -> None:
    """All that the file says."""
    about = checkpoint.metadata
    rows = {
        "model": about.model,
        "parameters": f"{about.parameters:,}",
        "recipe (training configuration)": about.recipe["name"],
        "optimizer": about.recipe["optimizer"],
        "steps": f"{about.step:,}",
        "learning rate": f"{about.recipe['learning_rate']:g}",
        "mini-batch": f"{about.recipe['batch_size']:,}" if about.recipe["batch_size"] else "all",
        "seed": str(about.seed),
        "trained on": f"{about.data} ({about.trained_on})",
        "list, SHA-256": f"{about.data_sha256[:HASH]}…",
        "tensors, SHA-256": f"{about.tensors_sha256[:HASH]}…",
        "training time": f"{about.seconds:,.1f} s on {about.device}",
        "versions": ", ".join(f"{name} {each}" for name, each in about.versions.items()),
        "alphabet": " ".join(about.vocabulary),
    }
    if parent := _tell_start(about.start):
        rows["trained further from"] = parent
    rows |= {f"setting: {key}": str(value) for key, value in about.config.items()}
    st.subheader("What it says of itself", anchor=False)
    place_table([{"what": what, "": plain(value)} for what, value in rows.items()])


def _tell_start(sha256: str) -> str:
    """The checkpoint that its training began with, by name where it is within reach."""
    if not sha256:
        return ""
    known = {net.metadata.tensors_sha256: key for key, net in within_reach().items()}
    return label_of(known[sha256]) if sha256 in known else f"{sha256[:HASH]}…"


def _show_names(about: ChosenList, checkpoint: Checkpoint) -> None:
    """Names that it makes up."""
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
    drawn = sampling.sample(
        checkpoint.model,
        checkpoint.vocabulary,
        NAMES,
        seed=seed,
        temperature=round(float(temperature), 1),
        max_length=LONGEST,
    )
    st.markdown(badges(drawn, about.known))
    st.caption(":material/bookmark: stands in the list.")


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
