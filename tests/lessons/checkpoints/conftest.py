"""Checkpoints that come from elsewhere than the pages."""

import pytest

from makemore.__main__ import main
from makemore.experiments import runs
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.sources import loaded
from tests.lessons.checkpoints.visits import TINY, files_of


@pytest.fixture(scope="module")
def by_command(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A net that the command line has trained and saved."""
    path = tmp_path_factory.mktemp("out") / "small"
    settings = [each for size in ("hidden=4", "embedding=2") for each in ("--set", size)]
    steps = ["--steps", "2", "--eval-every", "2"]
    assert main(["train", "mlp_bn", *steps, *settings, "--out", str(path)]) == 0
    return files_of(path)


@pytest.fixture(scope="module")
def of_bricks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A net that was put together of bricks."""
    path = tmp_path_factory.mktemp("bricks") / "stack"
    recipe = recipe_for("lecture", "wavenet", steps=2)
    trainer = Trainer.start(
        "bricks", loaded.dataset(), recipe, seed=3, settings={"block_size": 8, "bricks": TINY}
    )
    return files_of(runs.save(runs.run(trainer, 3, evaluate_every=2), path))
