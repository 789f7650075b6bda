"""Measures the studies of several seeds, training by training. Knows no page and no chart."""

import json
from collections.abc import Callable
from dataclasses import asdict

import torch
from torch import Tensor

from makemore.checkpoints import whole_files
from makemore.data.examples import Dataset
from makemore.experiments import studies
from makemore.experiments.search_space import size_of
from makemore.experiments.seed_runs import train_seed
from makemore.experiments.studies import BLOCK, STUDIES, Result
from makemore.experiments.study_variants import Study
from makemore.layers import BatchNorm1d
from makemore.training.events import Event, Stepped
from makemore.training.trainer import Trainer

READ_EVERY = 10  # steps between two readings of a running mean


def measure(name: str, dataset: Dataset, tell: Callable[[Result], None]) -> list[Result]:
    """Train what is missing of a study, seed by seed, and save after each training."""
    study, results = STUDIES[name], studies.read(name)
    for seed in study.seeds:
        for variant in study.variants:
            if any((r.variant, r.seed) == (variant, seed) for r in results):
                continue
            results.append(one(study, variant, seed, dataset))
            about = study.to_json() | {"data_sha256": dataset.name_list.sha256}
            text = json.dumps({**about, "results": [asdict(r) for r in results]}, indent=1)
            whole_files.write_file(studies.FOLDER / f"{name}.json", f"{text}\n".encode())
            tell(results[-1])
    return results


def one(study: Study, variant: str, seed: int, dataset: Dataset) -> Result:
    """One training of a study. Raises DivergedError."""
    trained = study.variant(variant)
    readings: list[Tensor] = []

    def watch(trainer: Trainer, event: Event) -> None:
        if study.watched and isinstance(event, Stepped) and trainer.step % READ_EVERY == 0:
            readings.append(_reading(trainer, study.watched))

    found = train_seed(trained, seed, dataset, reports=1, watch=watch)
    config = tuple(sorted(trained.config.items()))
    return Result(
        variant=variant,
        seed=seed,
        parameters=size_of(trained.model, config, len(dataset.vocabulary)),
        train=round(found.train, 5),
        dev=round(found.dev, 5),
        seconds=round(found.seconds, 1),
        wander=wandered(torch.stack(readings)) if readings else [],
    )


def _reading(trainer: Trainer, watched: str) -> Tensor:
    """(2, positions, features) or (2, features): the running mean, and the spread it belongs to."""
    norm = trainer.model.get_submodule(f"layers.{watched}")
    assert isinstance(norm, BatchNorm1d)
    return torch.stack([norm.running_mean, norm.running_var.sqrt()])


def wandered(readings: Tensor) -> list[list[float]]:
    """(times, 2, ...) -> [last step of the block, mean share by which a mean strays in it] a block."""
    means, spreads = readings.unbind(1)
    blocks = []
    for i in range(0, len(readings), BLOCK // READ_EVERY):
        part = slice(i, i + BLOCK // READ_EVERY)
        stray = means[part].std(dim=0) / spreads[part].mean(dim=0)
        step = min(i + BLOCK // READ_EVERY, len(readings)) * READ_EVERY
        blocks.append([step, round(float(stray.mean()), 4)])
    return blocks
