"""What a checkpoint says of its losses beside what is measured here. Draws tables alone."""

import streamlit as st

from makemore.checkpoints.claims import Claim
from makemore.checkpoints.metadata import SPLITS
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Split
from makemore.ui.kit import examined
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.examined import TooLargeError
from makemore.ui.kit.place_table import place_table
from makemore.ui.kit.safe_text import plain


def show_losses(about: ChosenList, checkpoint: Checkpoint) -> None:
    """What it says of its losses beside what is measured here, in red where they differ."""
    of_claims = examined.list_of_claims(about, checkpoint)
    if of_claims is None and not examined.reads(about, checkpoint):
        _list_claims(checkpoint)
        told = plain(examined.tell_lacking(about, checkpoint))
        st.info(f"It cannot be measured on the chosen list: {told}.", icon=":material/info:")
        return
    splits = SPLITS if st.toggle("Measure train too", key="claim_train") else SPLITS[1:]
    try:
        if of_claims is None:
            _show_other_list(about, checkpoint, splits)
        else:
            _show_claims(about, of_claims, checkpoint, splits)
    except TooLargeError as error:
        _list_claims(checkpoint)
        st.info(plain(str(error)), icon=":material/info:")


def _list_claims(checkpoint: Checkpoint) -> None:
    losses = checkpoint.metadata.losses
    place_table([{"loss": split, "it says": f"{losses[split]:.4f}"} for split in SPLITS])


def _show_claims(
    about: ChosenList, of_claims: ChosenList, checkpoint: Checkpoint, splits: tuple[Split, ...]
) -> None:
    """On the list that they are of; and on the chosen one, if that is another that it reads."""
    dataset = examined.dataset_for(of_claims, checkpoint)
    claims = [examined.claim_of(of_claims, checkpoint, dataset, each) for each in splits]
    rows = [_row(claim) for claim in claims]
    if of_claims is not about and examined.reads(about, checkpoint):
        for row, split in zip(rows, splits, strict=True):
            row["on your list"] = _loss_on(about, checkpoint, split)
    place_table(rows)
    wrong = [claim for claim in claims if not claim.holds]
    if wrong:
        told = ", ".join(
            f"{claim.split} {claim.claimed:.4f} and not {claim.measured:.4f}" for claim in wrong
        )
        st.error(
            f"What it says of its losses is not what is measured here: it says {told}.",
            icon=":material/error:",
        )
        return
    where = " on the course's list" if of_claims is not about else ""
    st.success(f"Measured here{where}, they are what it says.", icon=":material/check_circle:")


def _row(claim: Claim) -> dict[str, str]:
    measured = f"{claim.measured:.4f}"
    return {
        "loss": f"{claim.split}{' (seen)' if claim.seen else ''}",
        "it says": f"{claim.claimed:.4f}",
        "measured": measured if claim.holds else f":red[**{measured}**]",
    }


def _loss_on(about: ChosenList, checkpoint: Checkpoint, split: Split) -> str:
    dataset = examined.dataset_for(about, checkpoint)
    return f"{examined.loss_of(about, checkpoint, dataset, split):.4f}"


def _show_other_list(about: ChosenList, checkpoint: Checkpoint, splits: tuple[Split, ...]) -> None:
    """It was measured on a list that is not here, so nothing it says can be held against this one."""
    losses = checkpoint.metadata.losses
    place_table(
        [
            {
                "loss": split,
                "it says": f"{losses[split]:.4f}",
                "on this list": _loss_on(about, checkpoint, split),
            }
            for split in splits
        ]
    )
    st.info(
        f"It was trained and measured on another list, {plain(checkpoint.metadata.data)}, so the two "
        "columns need not agree.",
        icon=":material/info:",
    )
