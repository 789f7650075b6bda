"""Short trainings of deep stacks, sound ones and sick ones, recorded to be looked at. Knows no page.

Each differs from the first in what its name says, and in nothing else. `python -m tests.bench.stacks`
records them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from makemore.checkpoints import store, tensor_files, whole_files
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Dataset
from makemore.models.brick_stack import deep
from makemore.training.recipes import Recipe, recipe_for
from makemore.training.trainer import Trainer, evenly, log_spaced
from makemore.training.trajectory import Recorder, Trajectory
from makemore.training.trajectory_form import EMBEDDING

FOLDER = store.FOLDER / "stacks"
ENDING = "safetensors"
DEPTH, BLOCK, STEPS = 5, 3, 1_000
LOOKS, EVALUATIONS = 24, 10
MODEL, LIKE, RECIPE = "bricks", "mlp", "lecture"
GAINS: Mapping[str, float] = {"0.5": 0.5, "1": 1.0, "5/3": 5 / 3, "3": 3.0}
RATES: Mapping[str, float] = {"0.1": 0.1, "1": 1.0, "10": 10.0, "100": 100.0, "1000": 1000.0}
RECORDED_RATES = ("0.1", "1", "10", "1000")


@dataclass(frozen=True)
class Stack:
    """A deep tanh stack and how it is trained: the gain of its hidden matrices, batch norm or none, the
    scale of its last matrix, and the learning rate as a multiple of the recipe's."""

    gain: str = "5/3"
    norm: bool = False
    rate: str = "1"
    logits_scale: float = 0.1
    depth: int = DEPTH

    def settings(self, letters: int) -> dict[str, Any]:
        """Those of its model, for an alphabet of so many letters."""
        return {
            "bricks": deep(letters, depth=self.depth, block=BLOCK, norm=self.norm),
            "block_size": BLOCK,
            "gain": GAINS[self.gain],
            "logits_scale": self.logits_scale,
        }

    @property
    def recipe(self) -> Recipe:
        """The lecture's loop at its rate, ended early."""
        usual = recipe_for(RECIPE, LIKE, steps=STEPS)
        return usual.at_rate(usual.learning_rate * RATES[self.rate])

    @property
    def name(self) -> str:
        """What sets it apart, as a file is called."""
        parts = [f"gain_{self.gain.replace('/', '_')}", "norm" if self.norm else ""]
        parts += [f"rate_{self.rate}" if self.rate != "1" else ""]
        parts += [f"logits_{self.logits_scale:g}" if self.logits_scale != 0.1 else ""]
        return "_".join(part for part in parts if part)


SOUND = Stack()
WRONG = replace(SOUND, logits_scale=10.0)
QUIZ: Mapping[str, Stack] = {
    "A": replace(SOUND, gain="3"),
    "B": replace(SOUND, norm=True, gain="0.5"),
    "C": WRONG,
    "D": replace(SOUND, rate="0.1"),
    "E": replace(SOUND, rate="10"),
    "F": replace(SOUND, gain="0.5"),
}  # whose trouble is to be told from their charts
STACKS: tuple[Stack, ...] = (
    *(Stack(gain=gain, norm=norm) for norm in (False, True) for gain in GAINS),
    *(
        Stack(rate=rate, norm=norm)
        for norm in (False, True)
        for rate in RECORDED_RATES
        if rate != "1"
    ),
    WRONG,
)


def record(stack: Stack, dataset: Dataset, *, steps: int = STEPS) -> Trajectory:
    """Train it and keep what there is to see of it, without the embedding, which no chart here shows."""
    settings = stack.settings(len(dataset.vocabulary))
    trainer = Trainer.start(MODEL, dataset, stack.recipe, seed=MLP_SEED, settings=settings)
    recorder = Recorder()
    for event in trainer.events(
        steps, probe_at=log_spaced(steps, LOOKS), evaluate_at=evenly(steps, EVALUATIONS)
    ):
        recorder.add(event)
    whole = recorder.trajectory()
    return replace(whole, probed={n: t for n, t in whole.probed.items() if n != EMBEDDING})


def write(stack: Stack, trajectory: Trajectory) -> int:
    """Keep a recording; returns its bytes."""
    content = tensor_files.pack(trajectory.to_tensors(), {"stack": stack.name})
    FOLDER.mkdir(exist_ok=True)
    whole_files.write_file(FOLDER / f"{stack.name}.{ENDING}", content)
    return len(content)


def read(stack: Stack) -> Trajectory:
    """The recording of a stack. Raises CheckpointError for a file that is missing or damaged."""
    path = FOLDER / f"{stack.name}.{ENDING}"
    try:
        content = path.read_bytes()
        if tensor_files.about(content).get("stack") != stack.name:
            raise ValueError("it is of another stack")
        found = Trajectory.from_tensors(tensor_files.unpack(content))
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise CheckpointError(f"stacks/{path.name}: {said}; get it again") from None
    if not found.readings:
        raise CheckpointError(f"stacks/{path.name}: it tells of no look inside; get it again")
    return found
