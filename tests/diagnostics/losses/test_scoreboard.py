"""The scoreboard: every model that goes in comes out, in order, with what its training wrote."""

import math

import pytest

from makemore.charts.losses.scoreboard import scoreboard as chart
from makemore.checkpoints import store
from makemore.diagnostics.losses.scoreboard import Entry, scoreboard


def test_a_row_holds_what_the_training_wrote() -> None:
    about = store.read_metadata("mlp")
    frame = scoreboard(
        [
            Entry("mlp", "My MLP", about, reported=2.1, reported_on="all", lecture=2.107),
            Entry("other", "Nobody's", about),
        ]
    )
    first, second = frame.drop(columns=["deviation", "difference", "error"]).to_dict("records")
    assert first == {
        "model": "mlp",
        "label": "My MLP",
        "train": about.losses["train"],
        "dev": about.losses["dev"],
        "test": about.losses["test"],
        "uniform": pytest.approx(math.log(27)),
        "reported": 2.1,
        "reported_on": "all",
        "lecture": 2.107,
        "parameters": 11_897,
        "seconds": about.seconds,
        "recipe": "best",
        "seed": "2147483647",
    }
    assert (second["model"], second["label"]) == ("other", "Nobody's")
    assert math.isnan(second["reported"])
    assert math.isnan(second["lecture"])


def test_several_seeds_give_a_deviation_and_the_difference_to_the_row_above() -> None:
    about = store.read_metadata("mlp")
    frame = scoreboard(
        [
            Entry("a", "A", about, seeds=(2.0, 2.1, 2.2)),
            Entry("b", "B", about, seeds=(1.9, 2.1, 2.0)),
            Entry("c", "C", about),
            Entry("d", "D", about, seeds=(1.0, 1.0)),
        ]
    )
    assert frame["deviation"].tolist() == pytest.approx([0.1, 0.1, math.nan, 0.0], nan_ok=True)
    # Gaps -0.1, 0, -0.2: their standard deviation is 0.1.
    assert frame["difference"].isna().tolist() == [True, False, True, True]
    assert frame["difference"].tolist()[1] == pytest.approx(-0.1)
    assert frame["error"].tolist()[1] == pytest.approx(0.1 / math.sqrt(3))


def test_no_difference_is_told_between_different_numbers_of_seeds() -> None:
    about = store.read_metadata("mlp")
    frame = scoreboard(
        [Entry("a", "A", about, seeds=(2.0, 2.1, 2.2)), Entry("b", "B", about, seeds=(1.9, 2.1))]
    )
    assert frame["difference"].isna().all()


def test_any_number_of_models_is_drawn_with_four_digits() -> None:
    about = store.read_metadata("mlp")
    entries = [Entry(f"model{i}", f"Model {i}", about) for i in range(11)]
    entries.append(Entry("last", "Last", about, reported=2.1, seeds=(2.0, 2.1)))
    drawn = chart(scoreboard(entries))
    rows = drawn.datasets["models"]
    assert rows["model"].tolist() == [*(f"model{i}" for i in range(11)), "last"]
    assert rows["told"].tolist()[0] == f"dev {about.losses['dev']:.4f}"
    assert rows["told"].tolist()[-1] == f"dev {about.losses['dev']:.4f} ± 0.0707"
    assert rows["note"].tolist()[0] == "Model 0 · 11,897 parameters · 7 s"
    assert drawn.datasets["uniform"]["value"].tolist() == [pytest.approx(math.log(27))]
    assert "3.2958" in drawn.alt


def test_models_that_the_course_does_not_report_are_drawn_too() -> None:
    entry = Entry("a", "A", store.read_metadata("mlp"))
    drawn = chart(scoreboard([entry])).datasets["models"]
    assert drawn["course"].tolist() == ["none"]
    assert drawn["end"].tolist() == drawn["dev"].tolist()


def test_a_figure_of_all_names_is_told_to_be_one() -> None:
    about = store.read_metadata("mlp")
    drawn = chart(
        scoreboard(
            [
                Entry("a", "A", about, reported=2.45, reported_on="all"),
                Entry("b", "B", about, reported=2.1),
            ]
        )
    )
    assert drawn.datasets["models"]["course"].tolist() == [
        "reported 2.45, on all names",
        "reported 2.10",
    ]
