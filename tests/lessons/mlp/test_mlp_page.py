"""The page of the embedding and the MLP shows the numbers of the models, and answers what learners do."""

import json
import math
from time import sleep
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch import Tensor

from makemore.by_hand import ngrams
from makemore.data.examples import Dataset, windows
from makemore.diagnostics.losses import seed_effects
from makemore.experiments import studies
from makemore.inference import evaluation
from makemore.lessons.mlp import letter_points, ten_dimensions
from makemore.ui.kit.ask_beside import WAITS
from makemore.ui.sources import beside, counted_contexts, loaded
from tests.pages.opening import charts, committed, opened

VOWELS = torch.tensor([loaded.vocabulary().letters.index(letter) for letter in "aeiouy"])


def specs(app: AppTest) -> list[Any]:
    return [json.loads(element.proto.spec) for element in app.get("vega_lite_chart")]


def frames(app: AppTest, name: str) -> list[pd.DataFrame]:
    """The data sets of this name in the charts of the page."""
    return [
        pa.ipc.open_stream(each.data.data).read_all().to_pandas()
        for element in app.get("vega_lite_chart")
        for each in element.proto.datasets
        if each.name == name
    ]


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
    app = opened("mlp.py", step="3", name="ada")
    late, nearest = specs(app)[0], app.table[0].value
    app.select_slider[0].set_value(app.select_slider[0].options.index("0")).run()
    assert specs(app)[0]["layer"] == late["layer"]  # the same scales
    assert not app.table[0].value.equals(nearest)


def test_nearest_letters_are_the_nearest() -> None:
    app = opened("mlp.py", step="3", name="ada")
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
    app = opened("mlp.py", step="3", name="ada")
    assert "none of the six vowels begins nearest to another vowel, five end so" in told(app)
    assert "**5 of 6** vowels" in told(app)
    app.select_slider[0].set_value(app.select_slider[0].options.index("0")).run()
    assert "**0 of 6** vowels" in told(app)


def test_neighbours_by_the_angle_point_most_nearly_the_same_way() -> None:
    app = opened("mlp.py", step="3", name="ada")
    table = table_of("mlp_2d").double()
    cosines = torch.nn.functional.cosine_similarity(table, table[1:2])
    best = cosines.argsort(descending=True)[1:5].tolist()
    rows = app.table[0].value
    letters = loaded.vocabulary().letters
    assert [each.replace("\\", "") for each in rows["most alike"]] == [letters[i] for i in best]
    assert [float(each) for each in rows["cosine"]] == pytest.approx(
        cosines[best].tolist(), abs=0.006
    )


def test_letters_by_frequency_have_areas_in_proportion() -> None:
    app = opened("mlp.py", step="3", name="ada", size="often")
    (points,) = frames(app, "points")
    names = loaded.name_list().names
    often = {letter: sum(name.count(letter) for name in names) for letter in "aeq"}
    weight = dict(zip(points["letter"], points["weight"], strict=True))
    assert weight["a"] / weight["e"] == pytest.approx(often["a"] / often["e"])
    assert weight["a"] == letter_points.LARGEST
    share = often["a"] / (sum(map(len, names)) + len(names))
    assert f"**{share:.1%}** of all letters" in told(app)
    assert set(frames(opened("mlp.py", step="3"), "points")[0]["weight"]) == {1.0}


def test_windows_of_the_name_with_their_probabilities() -> None:
    rows = opened("mlp.py", name="ada").table[0].value
    assert [w.replace("\\", "") for w in rows["context"]] == ["...", "..a", ".ad", "ada"]
    assert rows["ids"].tolist() == ["0 0 0", "0 0 1", "0 1 4", "1 4 1"]
    checkpoint = loaded.checkpoint("mlp")
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, ["ada"])
    assert rows["p(target)"].tolist() == [f"{s.probability:.1%}" for s in score.letters]


def test_the_window_slides_and_lights_its_rows_of_the_table() -> None:
    app = opened("mlp.py", name="ada", at="3")
    assert "After **ada** comes **.**" in told(app)
    rows, bars = charts(app)
    assert "The context ada has the ids 1, 4, 1" in rows
    assert "next letter after ada" in bars
    (lit,) = [frame[frame["lit"]]["letter"].tolist() for frame in frames(app, "rows")]
    assert lit == ["a", "d"]


@pytest.mark.parametrize("letters", [1, 8, 16])
def test_a_window_of_any_length(letters: int) -> None:
    app = opened("mlp.py", name="ada", letters=str(letters))
    contexts = windows(("ada",), loaded.vocabulary(), letters).contexts
    rows = app.table[0].value
    assert rows["ids"].tolist() == [" ".join(map(str, each)) for each in contexts.tolist()]
    assert "p(target)" not in rows
    assert f"so it has no answer to {letters}" in told(app)
    assert len(charts(app)) == 1


def test_the_contexts_of_the_takeaway_are_counted(real: Dataset) -> None:
    three, eight = (real.examples("train", n).contexts.unique(dim=0) for n in (3, 8))
    assert (27**3, len(three), len(eight)) == (19_683, 5_438, 50_457)
    assert round(27**8 / 1e9) == 282
    assert (
        "of 19,683 contexts of three letters train holds 5,438, of 282 billion of eight 50,457"
        in (told(opened("mlp.py", step="2")))
    )


def test_the_dev_losses_of_counting_come_with_the_answer() -> None:
    app = opened("mlp.py", step="2", letters="4", name="ada")
    (lines,) = frames(app, "lines")
    assert lines["series"].nunique() == 1
    assert "2.058" not in told(app) + " ".join(charts(app)) + app.table[0].value.to_csv()
    app.button(key="counted_best_show").click().run()
    (lines,) = frames(app, "lines")
    orders = ngrams.orders(loaded.dataset())
    assert lines[lines["series"] == "dev, counted in train"]["loss"].tolist() == pytest.approx(
        [order.dev for order in orders]
    )
    (nets,) = frames(app, "nets")
    dev = [loaded.checkpoint(name).metadata.losses["dev"] for name in ("mlp", "wavenet")]
    assert nets["dev"].tolist() == dev
    assert nets["letters"].tolist() == [3, 8]
    assert "Counting is best with 4 letters: 2.058 nats" in told(app)
    shown = app.table[0].value.set_index("what")["number"].to_dict()
    assert shown["possible contexts"] == "531,441"
    assert shown["distinct contexts in train"] == f"{orders[3].seen:,}"
    assert shown["dev loss of the counts"] == "2.058"
    seen = sum(n.startswith("ada") for n in loaded.dataset().names("train"))
    assert f"“.ada” {seen:,}" in told(app)


def test_the_room_question_hides_the_seeds_until_the_answer() -> None:
    app = opened("mlp.py", step="4")
    assert len(charts(app)) == 2
    found = ten_dimensions.room_effect()
    assert f"{found.difference:+.4f}" not in told(app)
    app = committed(app, "mlp_room")  # the first answer, which is wrong
    assert len(charts(app)) == 3
    (box,) = app.info
    assert "You said **hardly anything**: Seeds alone spread it by" in box.value
    assert "It is **lower by about 0.1**." in box.value


def test_two_and_ten_dimensions_differ_in_nothing_else() -> None:
    study = studies.STUDIES[ten_dimensions.STUDY]
    pair = [study.variants[studies.size_variant(200, width)] for width in ten_dimensions.COMPARED]
    assert [each["embedding"] for each in pair] == [2, 10]
    assert pair[0] | {"embedding": 10} == pair[1]
    assert not study.models
    assert not study.recipes
    runs = ten_dimensions.room_runs()
    seeds = [group["seed"].tolist() for _, group in runs.groupby("variant", sort=False)]
    assert seeds[0] == seeds[1] == [str(seed) for seed in study.seeds]
    found = ten_dimensions.room_effect()
    assert seed_effects.verdict(found) == "lower"
    few, many = (group["dev"] for _, group in runs.groupby("variant", sort=False))
    assert many.max() < few.min()  # whichever seed, the answer is the same
    assert found.difference == pytest.approx(-0.1, abs=0.05)


def test_what_the_plane_keeps() -> None:
    app = opened("mlp.py", step="4")
    kept, begun = kept_by_two(table_of("mlp")), kept_by_two(first_table("mlp"))
    assert f"It keeps {kept:.1%} of the variance" in told(app)
    assert f"of the random initialisation it would keep {begun:.1%}" in told(app)
    assert round(kept, 3) == 0.396
    assert "the first two of ten principal components keep 39.6% of the variance" in told(app)


@pytest.mark.parametrize("choice", ["hardly anything", "lower by about 0.1", "higher: it overfits"])
def test_feedback_differs_by_choice(choice: str) -> None:
    app = opened("mlp.py", step="4")
    app.radio(key="mlp_room").set_value(choice).run()
    app.button(key="mlp_room_commit").click().run()
    feedback = " ".join(box.value for box in [*app.info, *app.success])
    says = {
        "hardly anything": "Seeds alone",
        "lower by about 0.1": "is right.",
        "higher: it overfits": "does widen",
    }
    assert [text in feedback for text in says.values()] == [each == choice for each in says]


def test_the_perplexities_of_one_and_three_letters() -> None:
    rows = opened("mlp.py", step="7").table[0].value
    losses = [loaded.checkpoint(name).metadata.losses["dev"] for name in ("bigram", "mlp")]
    assert rows["context"].tolist() == [1, 3]
    assert rows["dev loss"].tolist() == [f"{loss:.3f}" for loss in losses]
    assert rows["perplexity"].tolist() == [f"{math.exp(loss):.1f}" for loss in losses]
    assert rows["perplexity"].tolist() == ["11.6", "8.1"]


def test_a_long_list_is_counted_beside_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = counted_contexts.orders_of(loaded.dataset())

    def slowly(dataset: Dataset) -> tuple[ngrams.Order, ...]:
        sleep(10 * beside.SOON)
        return counted

    monkeypatch.setattr(counted_contexts, "AT_ONCE", 0)
    monkeypatch.setattr(counted_contexts, "orders_of", slowly)
    app = opened("mlp.py", step="2")
    assert "are being counted" in told(app)
    assert app.session_state[WAITS]
    beside.begin(lambda: None).result(timeout=60)  # after what the page has asked for
    app.run()
    assert not app.session_state[WAITS]
    assert len(charts(app)) == 2
