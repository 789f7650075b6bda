"""The page of the embedding and the MLP shows the numbers of the models, and answers what learners do."""

import json
import math
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.inference import evaluation
from makemore.lessons.mlp import watched_training
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.ui.sources import loaded
from tests.pages.opening import charts, committed, opened

VOWELS = torch.tensor([loaded.vocabulary().letters.index(letter) for letter in "aeiouy"])


def specs(app: AppTest) -> list[Any]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


def told(app: AppTest) -> str:
    """All prose of the page, without what escapes markdown."""
    return " ".join(each.value for each in [*app.markdown, *app.caption]).replace("\\", "")


def table_of(name: str) -> Tensor:
    weight: Tensor = loaded.checkpoint(name).model.state_dict()["layers.embedding.weight"]
    return weight


def first_table(name: str) -> Tensor:
    trajectory = loaded.checkpoint(name).trajectory
    assert trajectory is not None
    return trajectory.probed["embedding"][0]


def vowels_beside_vowels(table: Tensor) -> int:
    distances = torch.cdist(table, table)
    distances.fill_diagonal_(torch.inf)
    return int(torch.isin(distances.argmin(dim=1)[VOWELS], VOWELS).sum())


def kept_by_two(table: Tensor) -> float:
    """The share of the variance along the two strongest directions."""
    variances = torch.linalg.eigvalsh(table.double().T.cov())
    return float(variances[-2:].sum() / variances.sum())


def test_scrubbing_moves_letters_and_keeps_the_axes() -> None:
    app = opened("mlp.py", name="ada")
    late, nearest = specs(app)[0], app.table[0].value
    app.select_slider[0].set_value(app.select_slider[0].options.index("0")).run()
    assert specs(app)[0]["layer"] == late["layer"]  # the same scales
    assert not app.table[0].value.equals(nearest)


def test_nearest_letters_are_the_nearest() -> None:
    app = opened("mlp.py", name="ada")
    table = table_of("mlp_2d")
    distances = (table - table[1]).norm(dim=1)  # from the a
    distances[1] = torch.inf
    shown = app.table[0].value.iloc[0]
    assert (
        shown["nearest"].removeprefix("\\") == loaded.vocabulary().letters[int(distances.argmin())]
    )
    assert float(shown["distance"]) == pytest.approx(float(distances.min()), abs=0.006)


def test_none_of_the_vowels_begins_beside_another_and_five_end_so() -> None:
    assert vowels_beside_vowels(first_table("mlp_2d")) == 0
    assert vowels_beside_vowels(table_of("mlp_2d")) == 5
    app = opened("mlp.py", name="ada")
    assert "none of the six vowels begins nearest to another vowel, five end so" in told(app)
    assert "**5 of 6** vowels" in told(app)
    app.select_slider[0].set_value(app.select_slider[0].options.index("0")).run()
    assert "**0 of 6** vowels" in told(app)


def test_windows_of_the_name_with_their_probabilities() -> None:
    rows = opened("mlp.py", step="2", name="ada").table[0].value
    assert [w.replace("\\", "") for w in rows["context"]] == ["...", "..a", ".ad", "ada"]
    assert rows["ids"].tolist() == ["0 0 0", "0 0 1", "0 1 4", "1 4 1"]
    checkpoint = loaded.checkpoint("mlp")
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, ["ada"])
    assert rows["p(target)"].tolist() == [f"{s.probability:.1%}" for s in score.letters]


def test_a_chosen_context_has_its_answer_and_its_row_of_numbers() -> None:
    app = opened("mlp.py", step="2", name="ada")
    app.segmented_control(key="mlp_window_ada").set_value("3").run()
    assert "After **ada** comes **.**" in told(app)
    bars, row = charts(app)
    assert "next letter after ada" in bars
    assert "30 numbers in 1 rows of 30" in row
    assert "one row of 30 numbers, concatenated. They feed 200 hidden units" in told(app)


def test_the_question_on_the_plane_shows_the_letters_and_hides_the_shares() -> None:
    app = opened("mlp.py", step="3")
    assert len(charts(app)) == 1
    assert "40.5%" not in told(app)
    assert "component" not in " ".join(charts(app))
    app = committed(app, "mlp_room")  # the first answer, which is wrong
    assert len(charts(app)) == 2
    (box,) = app.info
    assert "You said **about 20%**: Two of ten directions" in box.value
    assert "It is **about 40%**." in box.value


def test_what_the_plane_keeps_is_no_more_than_at_the_random_start() -> None:
    app = opened("mlp.py", step="3")
    app.button(key="mlp_room_show").click().run()
    kept, begun = kept_by_two(table_of("mlp")), kept_by_two(first_table("mlp"))
    assert f"{kept:.1%}, not more than the {begun:.1%}" in app.info[0].value
    assert (round(kept, 3), round(begun, 3)) == (0.396, 0.405)
    variances = torch.linalg.eigvalsh(table_of("mlp").double().T.cov()).flip(0)
    so_far = (variances / variances.sum()).cumsum(0)
    assert so_far[6] < 0.9 <= so_far[7]
    assert "It takes 8 of the 10 components to keep 90%" in app.info[0].value


@pytest.mark.parametrize("choice", ["about 20%", "about 40%", "about 90%"])
def test_feedback_differs_by_choice(choice: str) -> None:
    app = opened("mlp.py", step="3")
    app.radio(key="mlp_room").set_value(choice).run()
    app.button(key="mlp_room_commit").click().run()
    feedback = " ".join(box.value for box in [*app.info, *app.success])
    says = {
        "about 20%": "40% in its two",
        "about 40%": "is right.",
        "about 90%": "2.179 with two",
    }
    assert [text in feedback for text in says.values()] == [each == choice for each in says]


def test_ten_parameters_a_letter_bring_what_the_step_says() -> None:
    assert SHIPPED["mlp_2d"].lecture == 2.1792
    assert SHIPPED["mlp"].lecture == 2.1070
    assert loaded.checkpoint("mlp_2d").metadata.losses["dev"] == pytest.approx(2.1792, abs=5e-5)
    assert "from 2.179 to 2.107" in told(opened("mlp.py", step="3"))


def test_most_of_the_fall_is_over_after_two_percent_of_the_steps() -> None:
    trajectory = loaded.checkpoint("mlp_2d").trajectory
    assert trajectory is not None
    steps, dev = (trajectory.evaluated[name].tolist() for name in ("step", "dev"))
    assert steps[1] / steps[-1] == 0.02
    assert (dev[0] - dev[1]) / (dev[0] - dev[-1]) == pytest.approx(0.78, abs=0.005)
    assert "78% of the fall" in told(opened("mlp.py", step="4"))


def test_fast_ends_where_the_page_says(real: Dataset) -> None:
    trainer = Trainer.start(
        "mlp",
        real,
        recipe_for("fast", "mlp"),
        seed=SHIPPED["mlp_2d"].seed,
        settings={"embedding": 2},
    )
    for _ in trainer.events():
        pass
    assert trainer.loss("dev") == pytest.approx(watched_training.FAST_DEV, abs=0.001)
    text = told(opened("mlp.py", step="4"))
    assert "512 steps of 2,848 examples" in text
    assert "dev loss 2.190 with the same seed" in text
    assert "0.025 nats of **overfitting**" in text


def test_the_perplexities_of_one_and_three_letters() -> None:
    rows = opened("mlp.py", step="5").table[0].value
    losses = [loaded.checkpoint(name).metadata.losses["dev"] for name in ("bigram", "mlp")]
    assert rows["context"].tolist() == [1, 3]
    assert rows["dev loss"].tolist() == [f"{loss:.3f}" for loss in losses]
    assert rows["perplexity"].tolist() == [f"{math.exp(loss):.1f}" for loss in losses]
    assert rows["perplexity"].tolist() == ["11.6", "8.1"]


def _points(width: int) -> None:
    import torch

    from makemore.lessons.mlp import letter_points
    from makemore.ui.kit.moment_slider import Moments
    from makemore.ui.sources import loaded

    generator = torch.Generator().manual_seed(1)
    tables = torch.randn(3, 27, width, generator=generator)
    seen = Moments((0, 5, 9), {"embedding": tables})
    letter_points.show_points_at(seen, loaded.vocabulary(), start="e", key="any")


@pytest.mark.parametrize("width", [1, 2, 7])
def test_an_embedding_of_any_width_can_be_watched(width: int) -> None:
    app = AppTest.from_function(_points, args=(width,)).run()
    assert not app.exception
    assert len(charts(app)) == 1
    titles = json.dumps(specs(app)[0])
    assert ("principal component" in titles) == (width != 2)
    table = torch.randn(3, 27, width, generator=torch.Generator().manual_seed(1))[-1]
    distance = (table - table[5]).norm(dim=1).sort().values[1]
    assert f"{distance:.2f}" in app.markdown[0].value
