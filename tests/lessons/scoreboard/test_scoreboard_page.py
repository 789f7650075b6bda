"""The scoreboard: its figures are those of checkpoints, study and names, computed in another way."""

import math
import statistics
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.data.examples import Dataset, windows
from makemore.experiments import studies
from makemore.lessons.scoreboard import dev_names
from makemore.lessons.scoreboard.repeated_names import repeated_losses
from makemore.lessons.scoreboard.seed_gaps import seed_frames
from makemore.models import Bigram
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.kit.side_by_side import course_models
from makemore.ui.sources import loaded
from makemore.ui.sources.shipped_scoreboard import board
from tests.pages.opening import charts, opened


def scores(step: int, **link: str) -> AppTest:
    app = opened("scoreboard.py", step=str(step), **link)
    assert not app.exception
    return app


def told(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


def test_every_figure_is_that_of_the_checkpoint_and_says_what_it_was_reported_on() -> None:
    table = scores(1, models="all").dataframe[0].value
    rows = board(SHIPPED)
    assert table["model"].tolist() == [made.label for made in SHIPPED.values()]
    for title, column in (
        ("dev", "dev"),
        ("test", "test"),
        ("train", "train"),
        ("± over seeds", "deviation"),
        ("lecture's loop", "lecture"),
        ("parameters", "parameters"),
        ("training, s", "seconds"),
        ("seed", "seed"),
        ("recipe", "recipe"),
    ):
        values = rows[column].tolist()
        if isinstance(values[0], str):
            assert table[title].tolist() == values
        else:
            assert table[title].tolist() == pytest.approx(values, nan_ok=True)
    reported = dict(zip(SHIPPED, table["reported"], strict=True))
    assert reported["bigram"] == "2.45, whole list"
    assert reported["bigram_nn"] == "2.46, whole list"
    assert reported["mlp_bn"] == "2.05, dev"
    assert reported["mlp_2d"] == ""
    gaps = [now - former for former, now in pairwise(rows["dev"])]
    assert table["difference"].tolist()[1:] == pytest.approx(gaps)
    assert "“Bigram, as a net” has learned" in told(scores(1))


def test_dev_and_test_differ_by_less_than_the_page_says() -> None:
    rows = board(SHIPPED)
    assert (rows["dev"] - rows["test"]).abs().max() < 0.007
    assert "by less than 0.007" in told(scores(1))


def test_gaps_of_seeds_are_those_of_the_study() -> None:
    gaps, seeds = seed_frames(FIVE)
    results = {(r.variant, r.seed): r.dev for r in studies.read("seed_spread")}
    drawn = sorted({seed for _, seed in results})
    pair = seeds[seeds["pair"] == "MLP with batch norm less MLP"]
    expected = [results["mlp_bn", seed] - results["mlp", seed] for seed in drawn]
    assert pair["difference"].tolist() == pytest.approx(expected)
    assert pair["seed"].tolist() == [str(seed) for seed in drawn]
    row = gaps[gaps["pair"] == "MLP with batch norm less MLP"].iloc[0]
    error = statistics.stdev(expected) / math.sqrt(len(expected))
    assert row["difference"] == pytest.approx(statistics.mean(expected))
    assert row["high"] - row["low"] == pytest.approx(4 * error)
    assert len(gaps) == len(FIVE) - 1


def test_differences_are_told_with_a_verdict_once_the_question_is_answered() -> None:
    app = scores(2)
    assert not app.table
    assert "±" not in charts(app)[0]
    app.button(key="close_pair_show").click().run()
    table = app.table[0].value
    frame = board(FIVE)
    assert table["model"].tolist() == frame["label"].tolist()[1:]
    difference, error = frame.loc[3, ["difference", "error"]]
    assert table["over seeds, nats"].tolist()[2] == f"{difference:+.4f} ± {error:.4f}"
    assert table["so its loss is"].tolist() == ["lower", "lower", "too close to call", "lower"]


@pytest.mark.parametrize(
    ("against", "column"), [("parameters", "parameters"), ("seconds", "seconds")]
)
def test_the_front_is_what_nobody_beats(against: str, column: str) -> None:
    rows = board(SHIPPED).sort_values([column, "dev"])
    front, best = [], math.inf
    for row in rows.to_dict("records"):  # from cheap to dear, each must lower the loss
        if row["dev"] < best:
            front.append(row["label"])
            best = row["dev"]
    app = scores(3, against=against)
    [alt] = charts(app)
    assert [label for label in front if f"{label} " in alt] == front
    assert f"{len(front)} of 16" in told(app)


def dev_loss_of(key: str, real: Dataset, *, repeated: bool | None) -> float:
    """The loss of some dev names by the model's own forward; the counted bigram by counting train anew."""
    checkpoint = loaded.checkpoint(key)
    model = checkpoint.model
    if isinstance(model, Bigram):
        train = real.examples("train", 1)
        model = model.recounted(train.contexts, train.targets)
    train_names = set(real.names("train"))
    names = [n for n in real.names("dev") if repeated in (None, n in train_names)]
    examples = windows(tuple(names), checkpoint.vocabulary, model.block_size)
    with torch.no_grad():
        return F.cross_entropy(model(examples.contexts).double(), examples.targets).item()


@pytest.mark.parametrize("key", FIVE)
def test_losses_with_and_without_repeated_names(key: str, real: Dataset) -> None:
    frame = repeated_losses(shipped_list(), course_models(shipped_list(), "five"))
    row = frame[frame["model"] == SHIPPED[key].label].iloc[0]
    for column, repeated in (("repeated", True), ("all", None), ("others", False)):
        assert row[column] == pytest.approx(dev_loss_of(key, real, repeated=repeated), abs=1e-5)
    assert row["all"] == pytest.approx(loaded.checkpoint(key).metadata.losses["dev"], abs=2e-5)
    assert row["seen"] == (key == "bigram_nn")


def test_without_repeated_names_every_loss_is_higher() -> None:
    """What the page says of every model that is shipped; and its figures of WaveNet."""
    frame = repeated_losses(shipped_list(), course_models(shipped_list(), "all"))
    assert (frame["others"] > frame["all"]).all()
    assert (frame["repeated"] < frame["all"]).all()
    app = scores(4)
    assert "**424 of the 3,203** dev names stand in train too" in told(app)
    assert "**1.779** nats on those, **1.965** on the others, 1.942 on all" in told(app)
    assert len(app.table[0].value) == len(FIVE)
    assert len(scores(4, models="all").table[0].value) == len(SHIPPED)


def test_two_models_are_compared_name_by_name(real: Dataset) -> None:
    about = shipped_list()
    first, second = (dev_names.dev_totals(about, loaded.checkpoint(k)) for k in ("mlp", "wavenet"))
    letters = np.array([len(name) + 1 for name in real.names("dev")])
    rng = np.random.default_rng(1)
    picks = rng.integers(0, len(letters), (400, len(letters)))
    drawn = [float((second[i] - first[i]).sum() / letters[i].sum()) for i in picks]
    app = scores(5)
    value = app.metric[0].value.replace("−", "-")
    difference, error = map(float, value.split(" ± "))
    assert difference == pytest.approx(
        loaded.checkpoint("wavenet").metadata.losses["dev"]
        - loaded.checkpoint("mlp").metadata.losses["dev"],
        abs=2e-4,
    )
    assert error == pytest.approx(statistics.stdev(drawn), rel=0.15)
    lower = float((second < first).mean())
    assert f"{lower:.0%} of the 3,203 names" in told(app)
    app.selectbox(key="paired_first").set_value("mlp_bn").run()
    app.selectbox(key="paired_second").set_value("mlp").run()
    assert "other names could turn it round" in told(app)


def test_a_model_against_itself_differs_by_nothing() -> None:
    app = scores(5, first="mlp", second="mlp")
    assert app.metric[0].value == "+0.0000 ± 0.0000"
    assert not app.exception
