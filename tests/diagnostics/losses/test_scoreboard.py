"""The scoreboard: every model that goes in comes out, in order, with what its training wrote."""

import math

from makemore.charts.losses.scoreboard import scoreboard as chart
from makemore.checkpoints import store
from makemore.diagnostics.losses.scoreboard import Entry, scoreboard


def test_a_row_holds_what_the_training_wrote() -> None:
    about = store.read_metadata("mlp")
    frame = scoreboard(
        [
            Entry("mlp", "My MLP", about, reported=2.1, lecture=2.107),
            Entry("other", "Nobody's", about),
        ]
    )
    first, second = frame.to_dict("records")
    assert first == {
        "model": "mlp",
        "label": "My MLP",
        "dev": about.losses["dev"],
        "reported": 2.1,
        "lecture": 2.107,
        "parameters": 11_897,
        "seconds": about.seconds,
        "recipe": "best",
        "seed": "2147483647",
    }
    assert (second["model"], second["label"]) == ("other", "Nobody's")
    assert math.isnan(second["reported"])
    assert math.isnan(second["lecture"])


def test_any_number_of_models_is_drawn() -> None:
    about = store.read_metadata("mlp")
    entries = [Entry(f"model{i}", f"Model {i}", about) for i in range(12)]
    drawn = chart(scoreboard(entries)).datasets["models"]
    assert drawn["model"].tolist() == [f"model{i}" for i in range(12)]
