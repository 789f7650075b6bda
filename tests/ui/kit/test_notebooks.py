"""A notebook works out what its page shows: each is run here beside its step, and says the same numbers."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import nbformat
import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints import store
from makemore.checkpoints.store import Checkpoint
from makemore.data.examples import Dataset
from makemore.data.sample_lists import read_sample
from makemore.experiments import nets_of_lists, recorded_starts
from makemore.experiments.nets_of_lists import train_like
from makemore.experiments.recorded_starts import Recording, Start
from makemore.training.recipes import Recipe, recipe_for
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.own_checkpoints import SHELF
from makemore.ui.kit.page_table import PAGES
from tests.pages.opening import ROOT, opened
from tests.ui.kit.notebook_run import (
    can_be_pressed,
    cells,
    handed_over,
    missing,
    run,
    settings_in,
    shown,
)
from tests.ui.kit.own_shelf import shelf, shipped_files
from tests.ui.kit.test_own_nets import make, opened_on
from tests.ui.training_panel.handling import until

pytestmark = pytest.mark.usefixtures("fresh_jobs")

FILES = [page.file for page in PAGES]
# What own lists need besides the nets that are made at once.
NETS = ("mlp_2d", "mlp_naive", "mlp", "mlp_bn", "mlp_bn_8", "wavenet_22k", "wavenet")
STEPS = 12  # of a training, whose settings are the same otherwise
# Switches of how a step looks, and where they are no more than that: a letter that is marked, the
# checkpoints that are offered, and bricks that stand among the settings of a training.
LOOKS = {
    "marked",
    "by",
    "shade",
    "sort",
    "axis",
    "from",
    "layer",
    "below",
    "compared",
    "seeds",
    "chart",
    "size",
}
MARKS = {
    "letter": [
        ("bigram_nn", 3),
        ("bigram_nn", 4),
        ("bigram_nn", 6),
        ("mlp_training", 3),
    ],
    "context": [("wavenet", 1)],
    "against": [("experiments", 1)],  # the axis of a chart
    "study": [("experiments", 6)],  # the trial that it begins with stands among the settings
    "search": [("experiments", 7)],  # says how the space stands there
    "bricks": [("bricks", 2)],
    "steps": [("initialisation", 2)],
    **{switch: [("diagnostics", 4)] for switch in ("gain", "norm", "depth")},
    "rate": [("diagnostics", 4), ("mlp_training", 3)],
    "look": [("wavenet", 3), ("wavenet", 4)],  # the notebook has them all
}


def with_few_steps(app: AppTest) -> AppTest:
    for box in app.number_input:
        if str(box.key).endswith("_steps"):
            box.set_value(STEPS).run()
    return app


def steps_of(app: AppTest) -> range:
    return range(1, len(app.segmented_control(key="rail").options) + 1)


@pytest.mark.parametrize("page", FILES)
def test_every_step_has_a_notebook_that_says_what_it_shows(page: str) -> None:
    for step in steps_of(opened(f"{page}.py")):
        app = with_few_steps(opened(f"{page}.py", step=str(step)))
        text = handed_over(app)
        printed = run(text)
        assert printed, step
        assert not missing(app, printed), step
        marks = {switch for switch, places in MARKS.items() if (page, step) in places}
        switches = app.session_state["link_view"].words.keys()
        assert switches <= settings_in(text).keys() | LOOKS | marks, step


# Pages and links whose switches do not stand where they are at first.
ELSEWHERE = [
    ("bigram", {"show": "smoothed", "k": "5", "name": "zoe"}),
    ("bigram", {"step": "3", "k": "10"}),
    ("bigram", {"step": "6", "seed": "3"}),
    ("bigram_nn", {"step": "2", "letter": "q", "name": "zoe"}),
    ("bigram_nn", {"step": "4", "moment": "200"}),
    ("bigram_nn", {"step": "6", "k": "100", "l2": "0.01"}),
    ("bigram_nn", {"step": "7", "after": "200", "seed": "3"}),
    ("mlp", {"name": "zoe", "at": "1", "checkpoint": "mlp_bn"}),
    ("mlp", {"name": "zoe", "letters": "5"}),
    ("mlp", {"step": "2", "letters": "4"}),
    ("mlp", {"step": "3", "letter": "a", "moment": "2560", "checkpoint": "mlp"}),
    ("mlp", {"step": "4", "letter": "q", "checkpoint": "mlp_naive"}),
    ("mlp", {"step": "5", "name": "zoe", "at": "1", "number": "probs.5", "checkpoint": "mlp_2d"}),
    ("mlp", {"step": "6", "name": "zoe", "at": "2", "add": "100", "letter": "a"}),
    ("mlp", {"step": "6", "add": "110", "maximum": "yes"}),
    ("mlp", {"step": "7", "temperature": "0.8", "seed": "7", "checkpoint": "mlp_bn"}),
    ("mlp_training", {"net": "trained"}),
    ("mlp_training", {"step": "2", "rate": "0.3", "sweep": "2"}),
    ("mlp_training", {"step": "5", "width": "embedding"}),
    ("mlp_training", {"step": "6", "block": "100"}),
    ("mlp_training", {"step": "7", "name": "zoe", "seed": "3"}),
    ("initialisation", {"scale": "0.1", "letter": "2", "name": "zoe"}),
    ("initialisation", {"step": "2", "repair": "kaiming", "steps": "all"}),
    ("initialisation", {"step": "3", "left": "batch-norm", "moment": "2000", "neuron": "7"}),
    ("initialisation", {"step": "3", "hidden": "500", "examples": "32", "threshold": "0.9"}),
    ("initialisation", {"step": "4", "activation": "ELU", "scale": "0.5"}),
    ("initialisation", {"step": "5", "gain": "5-3", "layers": "4"}),
    ("batch_norm", {"net": "moved", "checkpoint": "mlp_bn_8"}),
    ("batch_norm", {"scale": "0.3", "gamma": "2.5", "beta": "-0.5"}),
    ("batch_norm", {"step": "2", "example": "3", "by": "-4.5", "neuron": "9"}),
    ("batch_norm", {"step": "3", "net": "trained", "momentum": "0.1", "checkpoint": "mlp_bn_wide"}),
    ("batch_norm", {"step": "4", "name": "zoe", "at": "2", "size": "8"}),
    ("batch_norm", {"step": "5", "shift": "-2.5"}),
    ("batch_norm", {"step": "6", "norm": "torch"}),
    ("diagnostics", {"gain": "3", "norm": "yes", "moment": "1000"}),
    ("diagnostics", {"step": "2", "gain": "0.5", "of": "weights"}),
    ("diagnostics", {"step": "3", "rate": "0.1"}),
    ("diagnostics", {"step": "5", "net": "C", "moment": "1000"}),
    ("diagnostics", {"step": "6", "checkpoint": "wavenet", "chart": "gradients"}),
    ("backprop", {"edges": "4", "x1": "-2.0", "nudge": "b", "h": "0.5"}),
    ("backprop", {"form": "shared", "way": "overwritten", "w1": "2.0"}),
    ("backprop", {"step": "2", "node": "bndiff", "through": "bnraw", "row": "5", "column": "6"}),
    ("backprop", {"step": "5", "gradient": "h", "solved": "logprobs.h"}),
    ("backprop", {"step": "6", "gradient": "bndiff2", "slip": "2"}),
    ("backprop", {"step": "3", "name": "zoe", "example": "4"}),
    ("backprop", {"step": "4", "name": "zoe", "variance": "biased", "neuron": "7"}),
    ("backprop", {"step": "7", "numbers": "float64", "steps": "20", "order": "3"}),
    ("wavenet", {"name": "zoe", "at": "1", "node": "1.1", "checkpoint": "wavenet_22k"}),
    ("wavenet", {"step": "5", "name": "isabella", "at": "3"}),
    ("bricks", {"bricks": "Embedding 4, FlattenConsecutive 8, Linear 27"}),
    ("bricks", {"step": "3", "look": "context"}),
    ("bricks", {"step": "4", "options": "gate.skip"}),
    ("name_lab", {"step": "2", "model": "mlp"}),
    ("name_lab", {"step": "3", "model": "mlp", "prefix": "so"}),
    ("name_lab", {"step": "4", "temperature": "0.5", "top": "3", "prefix": "."}),
    ("scoreboard", {"step": "3", "against": "seconds"}),
    ("scoreboard", {"step": "5", "first": "bigram", "second": "mlp_bn"}),
    ("experiments", {"study": "rate_search", "against": "batch_size"}),
    ("experiments", {"step": "3", "study": "ladder", "by": "logits_init"}),
    ("experiments", {"step": "4", "study": "rate_and_batch"}),
    ("experiments", {"step": "5", "study": "rate_and_batch", "cost": "parameters"}),
    ("checkpoints", {"step": "2", "checkpoint": "mlp_lecture"}),
    ("checkpoints", {"step": "4", "checkpoint": "mlp", "letter": "q"}),
    ("checkpoints", {"step": "5", "checkpoint": "mlp", "rate": "0.01"}),
    ("checkpoints", {"step": "7", "beside": "bigram", "by": "letter"}),
]


@pytest.mark.parametrize(("page", "link"), ELSEWHERE)
def test_a_notebook_has_the_settings_of_the_page(page: str, link: dict[str, str]) -> None:
    app = opened(f"{page}.py", **link)
    shown(app)  # some switches come with the answer to a question
    text = handed_over(app)
    settings = settings_in(text)
    for switch, value in link.items():
        if switch != "step" and switch in settings:
            assert str(settings[switch]) == value
    assert not missing(app, run(text))


# Pages that train, the key of the panel, and what the last line of the notebook says besides the loss.
TRAININGS: list[tuple[str, str, str, Callable[[str], str]]] = [
    ("mlp_training", "3", "train_mlp", lambda line: ""),
    ("initialisation", "7", "live_map", lambda line: f"{line.split(', ')[-1]} flat"),
    ("diagnostics", "4", "stack", lambda line: f"{line.split(',')[0].capitalize()}."),
]


@pytest.mark.parametrize(("page", "step", "key", "says"), TRAININGS)
def test_a_training_of_the_page_ends_as_that_of_its_notebook(
    page: str, step: str, key: str, says: Callable[[str], str]
) -> None:
    app = with_few_steps(opened(f"{page}.py", step=step))
    app.number_input(key=f"{key}_seed").set_value(7).run()
    app.button(key=f"{key}_play").click().run()
    until(app, lambda app: "Finished" in app.get("progress")[0].proto.text)
    text = handed_over(app)
    settings = settings_in(text)
    assert (settings["seed"], settings["recipe"]["steps"]) == (7, STEPS)
    (dev,) = [metric.value for metric in app.metric if metric.label == "Dev loss"]
    printed = run(text)
    assert any(line.endswith(f"a dev loss of {dev}") for line in printed)
    assert says(printed[-1]) in shown(app)


@pytest.fixture
def _short_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nets of own lists take three steps, and are trained once for page and notebook; the long
    trainings of the starts are the shipped ones."""

    def short(name: str, model: str) -> Recipe:
        return recipe_for(name, model, steps=3)

    made: dict[str, Checkpoint] = {}

    def once(key: str, dataset: Dataset) -> Checkpoint:
        return made.get(key) or made.setdefault(key, train_like(key, dataset))

    def recorded(start: Start, dataset: Dataset, *, steps: int) -> Recording:
        letters = len(dataset.vocabulary)
        states = {at: recorded_starts.fresh(start, letters).state_dict() for at in (10, steps)}
        return replace(recorded_starts.read(start), weights=states)

    monkeypatch.setattr(recorded_starts, "record", recorded)
    monkeypatch.setattr(nets_of_lists, "recipe_for", short)
    monkeypatch.setattr(nets_of_lists, "train_like", once)


@pytest.mark.usefixtures("_short_trainings")
@pytest.mark.parametrize("page", FILES)
def test_a_notebook_of_an_own_list_holds_it_and_says_what_the_page_shows(page: str) -> None:
    for step in range(1, len(opened(f"{page}.py").segmented_control(key="rail").options) + 1):
        about = ChosenList(read_sample("greek").to_list(), own=True)
        app = with_few_steps(opened_on(about, f"{page}.py", step=str(step)))
        if can_be_pressed(app):  # before its nets are trained, as afterwards
            assert run(handed_over(app)), step
        else:
            assert [b for b in app.button if b.key == "own_nets_start"], step
        for name in NETS:
            about.take_net(name, make(about, name))
        app = with_few_steps(opened_on(about, f"{page}.py", step=str(step)))
        assert can_be_pressed(app), step
        assert not missing(app, run(handed_over(app))), step


def test_a_notebook_needs_no_page() -> None:
    text = handed_over(opened("mlp.py", name="zoe"))
    code = "\n\n".join(cells(text))
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.splitlines() == run(text)


def test_a_notebook_looks_for_a_checkpoint_of_the_visitors_own_where_its_zip_was_unpacked() -> None:
    files = shipped_files("mlp")
    app = opened("checkpoints.py", step="2")
    app.session_state[SHELF] = shelf(mine=files)
    app.run().selectbox(key="looked_at").set_value("own/mine").run()
    text = handed_over(app)
    assert settings_in(text)["checkpoint"] == "own/mine"
    about = nbformat.reads(text, as_version=4).cells[0].source
    assert "Of your own: mine." in about
    assert "checkpoints/own" in about
    store.OWN.mkdir()
    for ending, content in files.items():
        (store.OWN / f"mine.{ending}").write_bytes(content)
    assert not missing(app, run(text))


def test_a_stack_that_fits_nowhere_cannot_be_trained_in_a_notebook_either() -> None:
    for bricks, disabled in (
        ("Linear 27", True),
        ("Embedding 4, FlattenConsecutive 8, Linear 27", False),
    ):
        app = opened("bricks.py", step="2", bricks=bricks)
        assert can_be_pressed(app) != disabled
