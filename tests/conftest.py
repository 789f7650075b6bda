"""What several tests share: the real name list, a short list, and small trainings of every model."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner

from makemore import jobs
from makemore.checkpoints import store
from makemore.data.examples import Dataset
from makemore.data.name_lists import FOLDER, NAMES_SHA256, NameList, parse_names, read_names
from makemore.experiments import runs
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from tests.browser.providing import (  # noqa: F401
    pytest_collection_finish,
    pytest_terminal_summary,
    pytest_xdist_node_collection_finished,
)
from tests.checkpoints.forging import ENDINGS, Parts

# The same examples at every run, with no clock that a busy machine could miss.
settings.register_profile(
    "steady", derandomize=True, database=None, deadline=None, max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.load_profile("steady")

FEW = (
    "anna bea carla dora emma fiona greta hanna ida jana karla lena mia nora olga paula quentin "
    "rosa sara tina ulla vera wanda xenia yara zoe adam bert carl dirk egon felix gero hugo ivan "
    "jonas kurt lars max nils otto peter"
)

Start = Callable[..., Trainer]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    """The published figures, and bits that stay the same, are those of one thread."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session", autouse=True)
def _packages_scanned_once() -> Iterator[None]:
    """Each `AppTest` reads what all installed packages say of themselves, in search of components.

    That took longer than most pages, and no package comes or goes while tests run.
    """
    with pytest.MonkeyPatch.context() as streamlit:
        scan = cache(manifest_scanner.scan_component_manifests)
        streamlit.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def _shipped_names() -> Iterator[None]:
    """Whatever list the developer works with: the figures here are those of the shipped one."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("MAKEMORE_NAMES", raising=False)
        yield


@pytest.fixture(scope="session")
def real_names() -> NameList:
    """The shipped list. Tests of exact figures mean nothing without it, so a damaged one fails them."""
    found = read_names(FOLDER / "names.txt")
    if found.sha256 != NAMES_SHA256:
        pytest.fail(f"{found.source} is damaged; restore it with `git checkout data/names.txt`")
    return found


@pytest.fixture(scope="session")
def real(real_names: NameList) -> Dataset:
    return Dataset(real_names)


@pytest.fixture(scope="session")
def few_names() -> NameList:
    return parse_names(FEW.replace(" ", "\n"), "few.txt")


@pytest.fixture(scope="session")
def few(few_names: NameList) -> Dataset:
    """42 names: enough for every mechanism, too few to take time."""
    return Dataset(few_names)


@pytest.fixture(scope="session")
def start(few: Dataset) -> Start:
    """Start a training of a model on the few names; keywords change the recipe."""

    def started(
        model: str,
        *,
        recipe: str = "lecture",
        seed: int = 7,
        settings: object = None,
        **changes: object,
    ) -> Trainer:
        steps = {"steps": 12, **changes}
        chosen = settings if isinstance(settings, dict) else None
        return Trainer.start(
            model, few, recipe_for(recipe, model, **steps), seed=seed, settings=chosen
        )

    return started


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory, start: Start) -> Parts:
    """The files of a small checkpoint, by their ending."""
    path = tmp_path_factory.mktemp("good") / "m"
    small = {"hidden": 5, "embedding": 2}
    runs.save(runs.run(start("mlp_bn", steps=3, settings=small), 7), path)
    return {ending: path.with_name(f"m.{ending}").read_bytes() for ending in ENDINGS}


@pytest.fixture
def few_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A short name list that every command then works with."""
    path = tmp_path / "few.txt"
    path.write_text(FEW.replace(" ", "\n"))
    monkeypatch.setenv("MAKEMORE_NAMES", str(path))
    return path


@pytest.fixture
def fresh_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Jobs and saved files of this test alone."""
    jobs.shared().close()
    monkeypatch.setenv("MAKEMORE_AUTOSAVE", str(tmp_path / "autosave"))
    monkeypatch.setattr(store, "OWN", tmp_path / "own")
    yield
    jobs.shared().close()
