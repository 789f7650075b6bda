"""The lecture's loop recorded batch by batch, without its decay, and in batches of several sizes. Knows no page.

All of them begin from the lecture's seed and train the net of `checkpoints/mlp_lecture`; each differs from
the lecture's run in one setting of the recipe. `python -m tests.bench.descents` records them again.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from time import thread_time
from typing import Literal, get_args

import torch
from torch import Tensor

from makemore.checkpoints import store, tensor_files, whole_files
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Dataset
from makemore.models import LanguageModel
from makemore.training.events import Stepped
from makemore.training.recipes import ALL_EXAMPLES, Recipe, recipe_for
from makemore.training.trainer import Trainer

FOLDER = store.FOLDER / "descents"
ENDING = "safetensors"
MODEL, LIKE = "mlp", "mlp_lecture"

Descent = Literal[
    "lecture", "never decayed", "batch 1", "batch 8", "batch 32", "batch 256", "batch all"
]
DESCENTS: tuple[Descent, ...] = get_args(Descent)
BATCHES: Mapping[Descent, int] = {
    "batch 1": 1, "batch 8": 8, "batch 32": 32, "batch 256": 256, "batch all": ALL_EXAMPLES
}  # fmt: skip
STEPS, EVERY = 200_000, 4_000  # of a whole run, and between two of its evaluations
SECONDS = 30.0  # of updates, for each batch size
GROWTH = 1.3  # from one evaluated step of these runs to the next


@dataclass(frozen=True, eq=False)
class Record:
    """One training.

    raw (s,): the loss of each batch before its update, in nats, to the 11 bits of a half; empty but for
    the lecture's run. steps, dev (m,): the loss of the whole dev split after so many updates, in nats.
    seconds (m,): processor time of the updates so far, on a core of the machine that recorded them.
    ends: a hash of the weights at the end.
    """

    descent: Descent
    raw: Tensor
    steps: Tensor
    dev: Tensor
    seconds: Tensor
    ends: str


def recipe_of(descent: Descent) -> Recipe:
    """The lecture's loop with the one setting changed that the descent is named after."""
    if descent == "never decayed":
        return recipe_for("lecture", MODEL, decay_at=0)
    if descent in BATCHES:
        return recipe_for("lecture", MODEL, batch_size=BATCHES[descent], decay_at=0)
    return recipe_for("lecture", MODEL)


def record(
    descent: Descent, dataset: Dataset, *, steps: int = STEPS, seconds: float = SECONDS
) -> Record:
    """Train it: a whole run for so many steps, one of a batch size for so many seconds of updates."""
    timed = descent in BATCHES
    trainer = Trainer.start(MODEL, dataset, recipe_of(descent), seed=MLP_SEED)
    raw: list[float] = []
    found: list[tuple[int, float, float]] = []
    spent = 0.0
    for moment in _moments() if timed else [*range(0, steps, EVERY), steps]:
        started = thread_time()
        for event in trainer.events(moment):
            if isinstance(event, Stepped) and descent == "lecture":
                raw.append(event.loss)
        spent += thread_time() - started
        found.append((moment, trainer.loss("dev"), spent))
        if timed and spent > seconds:
            break
    taken, dev, clock = (torch.tensor(column) for column in zip(*found, strict=True))
    return Record(descent, torch.tensor(raw).half(), taken, dev, clock, ends_in(trainer.model))


def _moments() -> list[int]:
    """Steps that grow by a share: 0, 1, 2, 3, 4, 5, 6, 8, 11, 14, ..."""
    return sorted({round(GROWTH**power) for power in range(60)} | {0})


def ends_in(model: LanguageModel) -> str:
    """A hash of all weights, so that two trainings that end in the same bits can be told."""
    told = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        told.update(name.encode() + tensor.detach().contiguous().numpy().tobytes())
    return told.hexdigest()


def write(found: Record) -> int:
    """Keep a record among the shipped ones; returns its bytes."""
    tensors = {"raw": found.raw, "steps": found.steps, "dev": found.dev, "seconds": found.seconds}
    content = tensor_files.pack(tensors, {"descent": found.descent, "ends": found.ends})
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{found.descent.replace(' ', '_')}.{ENDING}"
    whole_files.write_file(path, content)
    return len(content)


def read(descent: Descent) -> Record:
    """The shipped record. Raises CheckpointError for a file that is missing or damaged."""
    path = FOLDER / f"{descent.replace(' ', '_')}.{ENDING}"
    try:
        content = path.read_bytes()
        said = tensor_files.about(content)
        if said.get("descent") != descent:
            raise ValueError("it is of another descent")
        return Record(descent, ends=str(said["ends"]), **tensor_files.unpack(content))
    except (OSError, ValueError, LookupError, TypeError) as error:
        told = getattr(error, "strerror", None) or str(error)
        raise CheckpointError(f"descents/{path.name}: {told}; get it again") from None
