"""One net from five initialisations of one seed, its training recorded: losses and weights. Knows no page.

`python -m tests.bench.starts` records them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import torch
from torch import Tensor

from makemore.checkpoints import store, tensor_files, whole_files
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import MLP_SEED
from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList
from makemore.data.sample_lists import OWN_LISTS
from makemore.data.vocabulary import Vocabulary
from makemore.models import LanguageModel, build
from makemore.training.events import Kept, Stepped
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer

FOLDER = store.FOLDER / "starts"
ENDING = "safetensors"
RECIPE = "lecture"

Start = Literal["naive", "logits", "by hand", "kaiming", "batch norm"]
STARTS: tuple[Start, ...] = get_args(Start)
MODELS: Mapping[Start, str] = {
    "naive": "mlp", "logits": "mlp", "by hand": "mlp", "kaiming": "mlp", "batch norm": "mlp_bn"
}  # fmt: skip
SETTINGS: Mapping[Start, Mapping[str, Any]] = {
    "naive": {"logits_init": "naive", "hidden_init": "naive"},
    "logits": {"logits_init": "small", "hidden_init": "naive"},
    "by hand": {"logits_init": "small", "hidden_init": "small"},
    "kaiming": {"logits_init": "small", "hidden_init": "kaiming"},
    "batch norm": {},
}

FIRST_STEPS = 2_000
BLOCK = 10  # batches whose mean loss is kept as one number
KEPT = (10, 100, 500, 2_000, 10_000, 50_000, 200_000)  # steps after which the weights are kept
DENSE = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 70)
EVALUATED = (*DENSE, *range(100, FIRST_STEPS + 1, 100), *range(4_000, 200_001, 4_000))


@dataclass(frozen=True, eq=False)
class Recording:
    """steps, dev (m,): the dev loss after so many updates, in nats. batches (b,): the mean loss of each
    BLOCK of batches from the first on. weights: by step the state of the model, that of step 0 not
    among them, as the seed gives it."""

    start: Start
    steps: Tensor
    dev: Tensor
    batches: Tensor
    weights: Mapping[int, Mapping[str, Tensor]]

    @property
    def moments(self) -> list[int]:
        """The steps whose weights are known."""
        return [0, *self.weights]


def fresh(start: Start, letters: int, *, hidden: int = 0) -> LanguageModel:
    """The net as the seed draws it, in evaluation mode; `hidden` units, or as many as usual."""
    generator = torch.Generator().manual_seed(MLP_SEED)
    settings = {**SETTINGS[start], **({"hidden": hidden} if hidden else {})}
    return build(MODELS[start], letters, generator, settings).eval()


def record(start: Start, dataset: Dataset, *, steps: int = 200_000) -> Recording:
    """Train it with the lecture's loop for so many steps and keep what there is to see of it."""
    recipe = recipe_for(RECIPE, MODELS[start])
    settings: dict[str, Any] = dict(SETTINGS[start])
    trainer = Trainer.start(MODELS[start], dataset, recipe, seed=MLP_SEED, settings=settings)
    dev, batches, weights = dict[int, float](), list[float](), dict[int, dict[str, Tensor]]()
    for event in trainer.events(steps, keep_at=frozenset(EVALUATED) | frozenset(KEPT)):
        match event:
            case Kept(step=step):
                if step in EVALUATED:
                    dev[step] = trainer.loss("dev")
                if step in KEPT:
                    weights[step] = event.weights
            case Stepped(step=step, loss=loss) if step < FIRST_STEPS:
                batches.append(loss)
    whole = torch.tensor(batches[: len(batches) // BLOCK * BLOCK]).view(-1, BLOCK)
    return Recording(
        start, torch.tensor(list(dev)), torch.tensor(list(dev.values())), whole.mean(1), weights
    )


def write(recording: Recording) -> int:
    """Keep a recording among the shipped ones; returns its bytes."""
    names = list(next(iter(recording.weights.values())))
    stacked = {
        f"weights/{name}": torch.stack([each[name] for each in recording.weights.values()])
        for name in names
    }
    tensors = {
        "steps": recording.steps,
        "dev": recording.dev,
        "batches": recording.batches,
        "moments": torch.tensor(list(recording.weights)),
    }
    content = tensor_files.pack(tensors | stacked, {"start": recording.start})
    FOLDER.mkdir(exist_ok=True)
    whole_files.write_file(_path(recording.start), content)
    return len(content)


def read(start: Start) -> Recording:
    """The shipped recording. Raises CheckpointError for a file that is missing or damaged."""
    path = _path(start)
    try:
        content = path.read_bytes()
        if tensor_files.about(content).get("start") != start:
            raise ValueError("it is of another start")
        tensors = tensor_files.unpack(content)
        moments: list[int] = tensors["moments"].tolist()
        weights = {
            step: {
                name.removeprefix("weights/"): rows[place]
                for name, rows in tensors.items()
                if name.startswith("weights/")
            }
            for place, step in enumerate(moments)
        }
        return Recording(start, tensors["steps"], tensors["dev"], tensors["batches"], weights)
    except (OSError, ValueError, LookupError) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise CheckpointError(f"starts/{path.name}: {said}; get it again") from None


def recording_of(start: Start, names: NameList) -> Recording:
    """The shipped recording; for an own list its first steps, trained now. Raises CheckpointError."""
    if names.source not in OWN_LISTS:
        return read(start)
    return record(start, Dataset(names, Vocabulary.of(names.names)), steps=FIRST_STEPS)


def _path(start: Start) -> Path:
    return FOLDER / f"{start.replace(' ', '_')}.{ENDING}"


def net_at(recording: Recording, step: int, letters: int) -> LanguageModel:
    """The net after so many updates, one of `moments`, in evaluation mode."""
    net = fresh(recording.start, letters)
    if step:
        net.load_state_dict(dict(recording.weights[step]))
    return net
