"""The box in which a learner chooses among the shipped checkpoints and their own. Knows no page."""

from collections.abc import Callable, Mapping

import streamlit as st
from torch import nn

from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.vocabulary import Vocabulary
from makemore.inference.capture import layers_of
from makemore.layers import Embedding
from makemore.models.wavenet import WaveNet
from makemore.ui.kit import links
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.reachable import OWN, label_of, within_reach
from makemore.ui.kit.safe_text import plain
from makemore.ui.kit.stage import Stage

SHOWN = 12  # letters of an alphabet that a message lists

Fits = Callable[[Checkpoint], str]  # why it does not, "" where it does


def choose_checkpoint(
    fits: Fits,
    *,
    key: str,
    first: str,
    about: ChosenList | None = None,
    beside: ChosenList | None = None,
    label: str = "Checkpoint",
    in_link: str = "",
) -> Checkpoint:
    """The one that the learner has chosen among those that fit, `first` at first; why others do not.

    With `about` it is one over the alphabet of that list: for a shipped one what the list has in its
    place, see ChosenList.checkpoint. With `beside` the shipped ones are themselves, and the nets that
    were trained on that list stand beside them.
    `in_link` is what the link calls it, if it is to say it; of the visitor's own it says that they are.
    Raises CheckpointError where none fits, and NotTrainedError.
    """
    known = within_reach(beside)
    why = _why_not(fits, known, about)
    fitting = [name for name, reason in why.items() if not reason]
    if not fitting:
        _tell_misfits(why, key)
        raise CheckpointError(
            "no checkpoint within reach fits here: see why, or train one on this list and save it"
        )
    begin = first if first in fitting else fitting[0]
    if in_link:
        links.bound(
            in_link,
            key=key,
            options=fitting,
            first=begin,
            say=lambda name: links.OWN if name.startswith(OWN) else name,
            read=lambda said: said if said in fitting and not said.startswith(OWN) else None,
            keep=True,
        )
    elif st.session_state.get(key) not in fitting:
        st.session_state[key] = begin
    chosen = st.selectbox(label, fitting, format_func=label_of, key=key, persist_state="session")
    _tell_misfits({name: reason for name, reason in why.items() if reason}, key)
    if about is not None and not chosen.startswith(OWN):
        return about.checkpoint(chosen)
    return known[chosen]


def choose_beside(
    about: ChosenList, names: tuple[str, str], stage: Stage, *, fits: Fits, key: str
) -> dict[str, Checkpoint]:
    """What stands for the first of these names, and beside it the one that is chosen, the second at first.

    By label; empty for those that are not there.
    """
    there = about.present(names)
    found = {SHIPPED[name].label: about.checkpoint(name) for name in there if name == names[0]}
    with stage.controls:
        chosen = choose_checkpoint(
            fits, key=key, first=names[1], about=about, label="Beside it", in_link="checkpoint"
        )
    label = label_of(str(st.session_state.get(key, names[1])))
    return found | {label: chosen}


def _why_not(
    fits: Fits, known: Mapping[str, Checkpoint], about: ChosenList | None
) -> dict[str, str]:
    """Of each, "" where it fits."""
    if about is None:
        return {name: fits(checkpoint) for name, checkpoint in known.items()}
    both = all_of(fits, knows_letters(about.vocabulary))
    # What an own list has in the place of a shipped checkpoint is over its alphabet anyway.
    return {
        name: (fits if about.own and not name.startswith(OWN) else both)(checkpoint)
        for name, checkpoint in known.items()
    }


def _tell_misfits(why: Mapping[str, str], key: str) -> None:
    """The reasons, each once, those of the visitor's own first."""
    if not why:
        return
    own = sum(name.startswith(OWN) for name in why)
    words = f"{len(why)} {'does' if len(why) == 1 else 'do'} not fit here"
    words += f", {own} of your own" if own else ""
    box = st.popover(
        words,
        icon=":material/rule:",
        type="tertiary",
        width="content",
        key=f"{key}_misfits",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        by_reason: dict[str, list[str]] = {}
        for name in sorted(why, key=lambda name: not name.startswith(OWN)):
            by_reason.setdefault(why[name], []).append(plain(label_of(name)))
        lines = [f"- {', '.join(names)}: {plain(reason)}" for reason, names in by_reason.items()]
        st.markdown("\n".join(lines))


def knows_letters(vocabulary: Vocabulary) -> Fits:
    """Fits a checkpoint over this alphabet."""

    def why(checkpoint: Checkpoint) -> str:
        if checkpoint.vocabulary.characters == vocabulary.characters:
            return ""
        more, less = (
            _letters(set(one.characters) - set(other.characters))
            for one, other in (
                (checkpoint.vocabulary, vocabulary),
                (vocabulary, checkpoint.vocabulary),
            )
        )
        parts = [f"it lacks {less}"] if less else []
        parts += [f"it knows {more} besides"] if more else []
        return f"it is over another alphabet than the list: {' and '.join(parts)}"

    return why


def _letters(letters: set[str]) -> str:
    shown = " ".join(sorted(letters)[:SHOWN])
    return shown + (" …" if len(letters) > SHOWN else "")


def embeds_letters(checkpoint: Checkpoint) -> str:
    """Fits a net with an embedding."""
    if layers_of(checkpoint.model, Embedding):
        return ""
    return "it has no embedding"


def embeds_widely(checkpoint: Checkpoint) -> str:
    """Fits a net whose embedding has more dimensions than a plane."""
    tables = [layer.weight for layer in layers_of(checkpoint.model, Embedding).values()]
    if tables and tables[0].shape[1] < 3:
        return f"its embedding dimension is {tables[0].shape[1]}"
    return embeds_letters(checkpoint)


def has_one(kind: type[nn.Module], word: str, words: str) -> Fits:
    """Fits a net with one layer of this type, and how a message calls one and several."""

    def why(checkpoint: Checkpoint) -> str:
        number = len(layers_of(checkpoint.model, kind))
        return "" if number == 1 else f"it has {number} {words}" if number else f"it has no {word}"

    return why


def is_tree(checkpoint: Checkpoint) -> str:
    """Fits a WaveNet."""
    return "" if isinstance(checkpoint.model, WaveNet) else "it is no fusion tree"


def all_of(*conditions: Fits) -> Fits:
    """Fits what fits each; of those that it does not, the first one tells why."""
    return lambda checkpoint: next((why for fits in conditions if (why := fits(checkpoint))), "")
