"""The page of the embedding and the MLP shows the numbers of the models, and answers what learners do."""

import json
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.inference import evaluation
from makemore.ui.sources import loaded
from tests.pages.opening import opened


def specs(app: AppTest) -> list[Any]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


def test_scrubbing_moves_letters_and_keeps_the_axes() -> None:
    app = opened("mlp.py", name="ada")
    late, nearest = specs(app)[0], app.table[0].value
    app.select_slider[0].set_value(app.select_slider[0].options.index("0")).run()
    assert specs(app)[0]["layer"] == late["layer"]  # the same scales
    assert not app.table[0].value.equals(nearest)


def test_nearest_letters_are_the_nearest() -> None:
    app = opened("mlp.py", name="ada")
    table = loaded.checkpoint("mlp_2d").model.state_dict()["layers.embedding.weight"]
    distances = (table - table[1]).norm(dim=1)  # from the a
    distances[1] = torch.inf
    shown = app.table[0].value.iloc[0]
    assert (
        shown["nearest"].removeprefix("\\") == loaded.vocabulary().letters[int(distances.argmin())]
    )
    assert float(shown["distance"]) == pytest.approx(float(distances.min()), abs=0.006)


def test_windows_of_the_name_with_their_probabilities() -> None:
    rows = opened("mlp.py", step="2", name="ada").table[0].value
    assert [w.replace("\\", "") for w in rows["window"]] == ["...", "..a", ".ad", "ada"]
    assert rows["as numbers"].tolist() == ["0 0 0", "0 0 1", "0 1 4", "1 4 1"]
    checkpoint = loaded.checkpoint("mlp")
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, ["ada"])
    assert rows["its probability"].tolist() == [f"{s.probability:.1%}" for s in score.letters]
