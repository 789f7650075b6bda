"""What each dev name costs a model, worked out once for each list. Draws nothing."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from makemore.checkpoints.store import Checkpoint
from makemore.inference import evaluation
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.sources.kept import identity

Values = npt.NDArray[np.float64]


def dev_totals(about: ChosenList, checkpoint: Checkpoint) -> Values:
    """The NLL of each dev name as a whole, in nats, in the order of the split.

    What has counted dev names too is judged by a twin that counted train alone, as everywhere.
    """
    return about.kept(("dev totals", identity(checkpoint)), lambda: _dev_totals(about, checkpoint))


def _dev_totals(about: ChosenList, checkpoint: Checkpoint) -> Values:
    metadata = checkpoint.metadata
    model = evaluation.judged_model(
        checkpoint.model,
        about.dataset,
        "dev",
        trained_on=metadata.trained_on,
        same_data=metadata.data_sha256 == about.name_list.sha256,
    )
    totals = evaluation.name_totals(model, checkpoint.vocabulary, about.dataset.names("dev"))
    found: Values = totals.numpy()
    return found


def letters_of(names: Sequence[str]) -> Values:
    """How many letters each name has, its end included."""
    return np.fromiter((len(name) + 1 for name in names), dtype=np.float64, count=len(names))


def dev_letters(about: ChosenList) -> Values:
    """Those of the dev names."""
    return about.kept("dev letters", lambda: letters_of(about.dataset.names("dev")))


def in_train_too(about: ChosenList) -> npt.NDArray[np.bool_]:
    """Of each dev name, whether it also stands in train."""

    def find() -> npt.NDArray[np.bool_]:
        train, dev = set(about.dataset.names("train")), about.dataset.names("dev")
        return np.fromiter((name in train for name in dev), dtype=np.bool_, count=len(dev))

    return about.kept("dev in train", find)


def mean_of(totals: Values, letters: Values, chosen: npt.NDArray[np.bool_]) -> float:
    """Mean NLL a letter of the chosen names, in nats; nan of none."""
    return float(totals[chosen].sum() / letters[chosen].sum()) if chosen.any() else float("nan")
