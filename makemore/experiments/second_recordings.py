"""Shipped nets whose training kept no gradients, trained a second time with all looks. Knows no page.

The same recipe and seed on another processor: the floats part within the first steps, so that what is
recorded here is a training beside that of the shipped net and never that one. Kept are the looks and the
losses that it ended with, and no weights. `python -m tests.bench.recordings` records them again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from makemore.checkpoints import store, tensor_files, whole_files
from makemore.checkpoints.checked_files import read_limited
from makemore.checkpoints.metadata import SPLITS, CheckpointError, Metadata, versions
from makemore.checkpoints.shipped import SHIPPED
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.device import processor
from makemore.experiments.runs import EVALUATIONS, losses
from makemore.training.trainer import Trainer, evenly, log_spaced
from makemore.training.trajectory import Recorder, Trajectory
from makemore.training.trajectory_form import EMBEDDING

FOLDER = store.FOLDER / "recordings"
ENDING = "safetensors"
LOOKS = 50
MOST_BYTES = 200_000
TRAINING = ("model", "config", "vocabulary", "data_sha256", "recipe", "seed")  # what both share


@dataclass(frozen=True, eq=False)
class SecondRecording:
    """A second training of a shipped checkpoint.

    trajectory: without embeddings, which the shipped one has of its own. losses: by split, in nats,
    measured at the end as those of a checkpoint are. training: the fields of TRAINING, as the
    checkpoint's metadata says them. seconds: of updates. processor, versions: what decided the floats.
    """

    name: str
    trajectory: Trajectory
    losses: Mapping[str, float]
    training: Mapping[str, Any]
    seconds: float
    processor: str
    versions: Mapping[str, str]

    def tell(self, shipped: Metadata) -> str:
        """One sentence: that it is a training of its own, and how near its end is to the shipped net."""
        return (
            "Recorded in a second training of the same recipe and seed: it ends at a dev loss of "
            f"{self.losses['dev']:.4f}, the shipped net at {shipped.losses['dev']:.4f}."
        )


def record(name: str, dataset: Dataset, *, steps: int | None = None) -> SecondRecording:
    """Train it as the shipped one was, ended earlier by `steps`, and keep what there is to see of it.

    Raises LookupError for a name that is not shipped.
    """
    made = SHIPPED[name]
    recipe = replace(made.recipe, steps=steps) if steps else made.recipe
    trainer = Trainer.start(made.model, dataset, recipe, seed=made.seed, settings=made.settings)
    whole, recorder = trainer.recipe.steps, Recorder()
    for event in trainer.events(
        whole, probe_at=log_spaced(whole, LOOKS), evaluate_at={*evenly(whole, EVALUATIONS), whole}
    ):
        recorder.add(event)
    found = recorder.trajectory()
    probed = {key: rows for key, rows in found.probed.items() if key != EMBEDDING}
    return SecondRecording(
        name=name,
        trajectory=replace(found, probed=probed),
        losses=losses(trainer),
        training=_training(trainer, made.seed),
        seconds=round(trainer.seconds, 3),
        processor=processor(),
        versions=versions(),
    )


def _training(trainer: Trainer, seed: int) -> dict[str, Any]:
    values = (
        trainer.model.name,
        trainer.model.config.to_json(),
        trainer.dataset.vocabulary.characters,
        trainer.dataset.name_list.sha256,
        trainer.recipe.to_json(),
        seed,
    )
    return dict(zip(TRAINING, values, strict=True))


def write(found: SecondRecording) -> int:
    """Keep a recording among the shipped ones; returns its bytes."""
    said = {
        "name": found.name,
        "losses": dict(found.losses),
        "training": dict(found.training),
        "seconds": found.seconds,
        "processor": found.processor,
        "versions": dict(found.versions),
    }
    content = tensor_files.pack(found.trajectory.to_tensors(), said)
    FOLDER.mkdir(exist_ok=True)
    whole_files.write_file(path_of(found.name), content)
    return len(content)


def path_of(name: str) -> Path:
    """Where the recording of a checkpoint of this name lies."""
    return FOLDER / f"{name}.{ENDING}"


def is_shipped(checkpoint: Checkpoint) -> bool:
    """Whether this is a shipped checkpoint, whatever way it came here: one with all that the file says."""
    if checkpoint.name not in SHIPPED:
        return False
    try:
        return store.read_metadata(store.FOLDER / checkpoint.name) == checkpoint.metadata
    except CheckpointError:
        return False


def read(checkpoint: Checkpoint) -> SecondRecording:
    """The recording of a shipped checkpoint.

    Raises CheckpointError for a file that is missing, damaged, or of another training.
    """
    path = path_of(checkpoint.name)
    try:
        content = read_limited(path, MOST_BYTES)
        found = _unpacked(content)
        _check(found, checkpoint)
    except (ValueError, LookupError, TypeError) as error:
        said = str(error).removeprefix(f"{path.name}: ").removesuffix("; get it again")
        raise CheckpointError(f"recordings/{path.name}: {said}; get it again") from None
    return found


def _unpacked(content: bytes) -> SecondRecording:
    """Raises ValueError, LookupError or TypeError for anything that is none."""
    said = tensor_files.about(content)
    return SecondRecording(
        name=str(said["name"]),
        trajectory=Trajectory.from_tensors(tensor_files.unpack(content)),
        losses={split: float(said["losses"][split]) for split in SPLITS},
        training=dict(said["training"]),
        seconds=float(said["seconds"]),
        processor=str(said["processor"]),
        versions=dict(said["versions"]),
    )


def _check(found: SecondRecording, checkpoint: Checkpoint) -> None:
    """Raises ValueError unless it tells of a whole second training of this very net."""
    shipped = asdict(checkpoint.metadata)
    if found.name != checkpoint.name:
        raise ValueError("it is of another checkpoint")
    for field in TRAINING:
        if found.training.get(field) != shipped[field]:
            raise ValueError(f"it is of a training with another {field}")
    if not found.trajectory.readings:
        raise ValueError("it tells of no look inside")
    if not store.tells_of(found.trajectory, checkpoint.model, checkpoint.metadata, embedded=False):
        raise ValueError("it is of another net")
