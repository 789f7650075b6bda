"""Describes what a job is to train and how it stands. Trains nothing and knows no worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from torch import Generator

from makemore.checkpoints.tensor_files import TENSORS, about, unpack
from makemore.data.examples import Dataset
from makemore.device import choose
from makemore.models import LanguageModel, build, config_for
from makemore.training import step_cost
from makemore.training.events import Evaluated, Sampled
from makemore.training.rate_search import RateSearch
from makemore.training.recipes import Recipe
from makemore.training.trainer import Trainer

Status = Literal["queued", "running", "paused", "finished", "stopped", "failed", "diverged"]
STATUSES: tuple[Status, ...] = get_args(Status)
OVER: tuple[Status, ...] = ("finished", "stopped", "failed", "diverged")


class JobError(ValueError):
    """A job cannot be started or found; the message says why and what to do."""


@dataclass(frozen=True)
class Spec:
    """All that decides the floats of a training; equal specs are one job.

    `start` are packed weights to begin with; None draws them from the seed.
    """

    model: str
    settings: tuple[tuple[str, Any], ...]
    recipe: Recipe
    seed: int
    names_sha256: str
    start: bytes | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        model: str,
        recipe: Recipe,
        *,
        seed: int,
        dataset: Dataset,
        settings: Mapping[str, Any] | None = None,
        start: bytes | None = None,
    ) -> "Spec":
        """A spec with every setting spelled out, defaults too. Raises ConfigError."""
        return cls(
            model=model,
            settings=tuple(sorted(config_for(model, settings).to_json().items())),
            recipe=recipe,
            seed=seed,
            names_sha256=dataset.name_list.sha256,
            start=start,
        )

    @property
    def complete(self) -> "Spec":
        """The same with every setting spelled out, so that equal trainings are equal specs."""
        whole = config_for(self.model, dict(self.settings)).to_json()
        return replace(self, settings=tuple(sorted(whole.items())))

    def check_affordable(self, dataset: Dataset) -> None:
        """Raises ConfigError for steps that are too large for a server, with what fits."""
        step_cost.check(self.model, dict(self.settings), self.recipe, dataset)

    def start_rate_search(self, dataset: Dataset, rate: float) -> RateSearch:
        """A search for a learning rate that works better than this one from the same start."""
        return RateSearch(
            lambda recipe: replace(self, recipe=recipe).build_trainer(
                dataset, None, recipe.learning_rate
            ),
            self.recipe,
            rate,
            again=rate != self.recipe.learning_rate,
        )

    def build_trainer(self, dataset: Dataset, state: bytes | None, learning_rate: float) -> Trainer:
        """A trainer at a packed `Trainer.state()` (None: the start), with this learning rate.

        Raises JobError for a state that is not one of this training.
        """
        trainer = Trainer.start(
            self.model,
            dataset,
            self.recipe,
            seed=self.seed,
            settings=dict(self.settings),
            device=choose(batch_size=self.recipe.batch_size),
        )
        if self.start is not None:
            trainer.model.load_state_dict(unpack(self.start))
        if state is not None:
            try:
                trainer.restore(unpack(state))
            except ValueError as error:
                raise JobError(f"this job cannot go on ({error}); start a new one") from None
        if learning_rate != trainer.recipe.learning_rate:
            trainer.set_learning_rate(learning_rate)
        return trainer

    def build_model(self, dataset: Dataset) -> LanguageModel:
        """The model as it is before the first step."""
        generator = Generator().manual_seed(self.seed)
        model = build(self.model, len(dataset.vocabulary), generator, dict(self.settings))
        if self.start is not None:
            model.load_state_dict(unpack(self.start))
        return model

    @property
    def start_sha256(self) -> str:
        """The hash of the tensors to begin with, as their checkpoint has it; "" for none."""
        return str(about(self.start)[TENSORS]) if self.start is not None else ""

    def to_json(self) -> dict[str, Any]:
        """All but the weights to begin with."""
        return {
            "model": self.model,
            "settings": dict(self.settings),
            "recipe": self.recipe.to_json(),
            "seed": self.seed,
            "names_sha256": self.names_sha256,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Spec":
        """The inverse of `to_json`. Raises ValueError, and KeyError, TypeError or AttributeError."""
        if type(values["seed"]) is not int or not 0 <= values["seed"] < 2**64:
            raise ValueError("the seed is none")
        return cls(
            model=values["model"],
            settings=tuple(sorted(values["settings"].items())),
            recipe=Recipe.from_json(values["recipe"]),
            seed=values["seed"],
            names_sha256=values["names_sha256"],
        )


@dataclass(frozen=True, kw_only=True)
class JobState:
    """A job at one moment.

    `losses` are (step in the middle, mean loss) of equal blocks of batches, `raw` the first batch of
    each block and, of a job that diverged, all of the last ones, `loss` that of the newest batch.
    `learning_rate` is the one that is set, `learning_rate_now` what the recipe's schedule has made of
    it. `seconds` are those of updates alone.
    """

    status: Status
    place: int  # in the queue, from 1; 0 when not queued
    step: int
    steps: int
    seconds: float
    steps_per_second: float
    losses: tuple[tuple[int, float], ...]
    raw: tuple[tuple[int, float], ...]
    loss: float | None
    evaluated: tuple[Evaluated, ...]
    sampled: tuple[Sampled, ...]  # newest last
    message: str
    resumes_at: int | None  # the step that a job at rest would go on from; None if it cannot
    sick_loss: float | None  # the recent mean loss where it is far above the uniform baseline
    searched: bool  # whether lower learning rates have been tried for a sick or diverged job
    safer_learning_rate: float | None  # the highest of them that worked
    learning_rate: float
    learning_rate_now: float
    watchers: int  # how many hold this very job
    elsewhere: bool = False  # whether another server has it; this is what that kept last

    @property
    def active(self) -> bool:
        """Whether it trains, or will as soon as a worker is free."""
        return self.status in ("queued", "running")

    @property
    def over(self) -> bool:
        return self.status in OVER
