"""The name lab: every figure against names scored, ranked, sampled and added up in another way."""

import math
import random
from concurrent.futures import Future
from functools import partial

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.data.examples import Dataset
from makemore.inference import evaluation, sampling
from makemore.lessons.name_lab import few_and_many, name_strips, ranked_names
from makemore.lessons.name_lab.prefix_box import check_prefix
from makemore.lessons.name_lab.sampled_board import draw_names, drawn_names
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import beside, loaded
from tests.pages.opening import charts, opened

NAME = "ada"


@pytest.fixture(scope="module", autouse=True)
def _worked_out() -> None:
    """What is worked out beside the page is there."""
    about = shipped_list()
    for key in FIVE:
        ranked_names.standings_of(about, loaded.checkpoint(key))
    beside.begin(lambda: None).result(timeout=60)


def lab(step: int, name: str = NAME, **link: str) -> AppTest:
    app = opened("name_lab.py", step=str(step), name=name, **link)
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def distinct(real: Dataset) -> list[str]:
    return list(dict.fromkeys(real.names("all")))


@pytest.mark.parametrize("key", ["bigram", "wavenet"])
@pytest.mark.parametrize("name", [NAME, "zyzzyx"])
def test_the_rank_is_that_of_counting_lower_losses(
    key: str, name: str, distinct: list[str]
) -> None:
    """The losses are computed batch by batch with the model's own forward, in no plan."""
    checkpoint = loaded.checkpoint(key)
    standings = ranked_names.rank_all(shipped_list(), checkpoint)
    own = ranked_names.score_name(checkpoint, name).nll
    mean = standings.mean_of(name, own)
    assert mean == pytest.approx(own, abs=1e-5)
    assert (name in standings.places) == (name in distinct)
    sample = random.Random(1).sample(distinct, 300)
    scores = evaluation.score(checkpoint.model, checkpoint.vocabulary, sample)
    means = [standings.means[standings.places[each]] for each in sample]
    assert means == pytest.approx([score.nll for score in scores], abs=1e-5)
    assert standings.rank(name, own) == 1 + sum(each < mean for each in standings.means.tolist())
    assert len(standings.means) == len(distinct) == 29_494


def test_strips_tell_loss_perplexity_rank_and_the_worst_letter_of_every_model() -> None:
    app = lab(1)
    table = app.table[0].value
    models = [label.replace("\\", "") for label in table["model"]]
    assert models == [SHIPPED[key].label for key in FIVE]
    for i, key in enumerate(FIVE):
        checkpoint = loaded.checkpoint(key)
        [score] = evaluation.score(checkpoint.model, checkpoint.vocabulary, [NAME])
        row = table.iloc[i]
        assert row["sum, nats"] == f"{score.nll * 4:.3f}"
        assert row["mean, nats a letter"] == f"{score.nll:.4f}"
        assert row["perplexity"] == f"{math.exp(score.nll):.2f}"
        standings = ranked_names.rank_all(shipped_list(), checkpoint)
        assert row["rank"] == f"{standings.rank(NAME, score.nll):,}"
        worst = max(score.letters, key=lambda letter: letter.nll)
        assert f"({worst.nll:.2f} nats, p = {worst.probability:.2%})" in row["most surprised by"]
    [alt] = charts(app)
    assert alt.startswith("Strips of ada., ")


def test_all_shipped_models_can_be_shown() -> None:
    app = lab(1, models="all")
    assert len(app.table[0].value) == len(SHIPPED)


def test_until_names_are_ranked_the_page_says_so_and_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(name_strips, "standings_of", lambda about, checkpoint: None)
    app = lab(1)
    assert set(app.table[0].value["rank"]) == {name_strips.SOON}
    assert app.session_state["waits_beside"]


def test_rankings_show_the_name_among_its_neighbours_in_order() -> None:
    table = lab(2).table[0].value
    ranks = [int(rank.replace(",", "")) for rank in table["rank"]]
    assert ranks == list(range(ranks[0], ranks[0] + 7))
    assert [name for name in table["name"] if name.startswith("**")] == [f"**{NAME}**"]
    losses = [float(loss) for loss in table["nats a letter"]]
    assert losses == sorted(losses)


def test_endings_go_with_the_letters_that_are_typed() -> None:
    app = lab(3, name="emma")
    assert app.text_input(key="lab_prefix_box").value == "em"
    assert "beginning with em" in charts(app)[1]
    app.text_input(key="lab_prefix_box").set_value("Zo").run()
    assert "beginning with zo" in charts(app)[1]
    assert "zoe" in charts(app)[1]
    app.text_input(key="lab_prefix_box").set_value("zoë").run()
    assert any("“ë” is unknown" in each.value for each in app.warning)
    assert app.text_input(key="lab_prefix_box").value == "zo"
    app.text_input(key="lab_prefix_box").set_value("").run()
    assert "of all" in charts(app)[1]
    assert not app.exception


@pytest.mark.parametrize(
    ("typed", "told"), [("a" * 21, "21 letters"), ("<b>", "unknown"), ("ab.", "unknown")]
)
def test_letters_that_cannot_be_used_are_refused(typed: str, told: str) -> None:
    prefix, trouble = check_prefix(typed, shipped_list().vocabulary)
    assert prefix == ""
    assert told in trouble


def test_temperature_and_top_k_ask_no_model_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = lab(4)
    before = charts(app)
    monkeypatch.setattr(
        torch.nn.Module, "__call__", lambda *_: pytest.fail("a model was asked again")
    )
    app.slider(key="lab_temperature").set_value(0.5).run()
    app.slider(key="lab_top_27").set_value(3).run()
    assert not app.exception
    assert charts(app) != before
    shown, after = (metric.value for metric in app.metric)
    assert float(after) < float(shown)


def test_the_board_has_the_names_of_the_seed_and_counts_those_of_the_list(
    distinct: list[str],
) -> None:
    app = lab(5, seed="3")
    table = app.table[0].value
    for i, key in enumerate(FIVE):
        checkpoint = loaded.checkpoint(key)
        drawn = sampling.sample_each(
            checkpoint.model, checkpoint.vocabulary, 20, seed=3, max_length=30
        )
        assert table["in the list"].tolist()[i] == str(sum(each in distinct for each in drawn))
        found = drawn_names(shipped_list(), checkpoint, 3)
        assert [each.name for each in found] == drawn
        assert [each.listed for each in found] == [each in distinct for each in drawn]


def test_most_of_what_is_new_is_one_or_two_letters_away() -> None:
    for key in FIVE:
        drawn = [
            each
            for seed in range(5)
            for each in drawn_names(shipped_list(), loaded.checkpoint(key), seed)
        ]
        new = [each.nearest.edits for each in drawn if not each.listed]
        assert 0 < len(new) < len(drawn)
        assert sum(edits <= 2 for edits in new) > len(new) / 2


@pytest.mark.parametrize("key", FIVE)
def test_the_share_of_10000_is_that_of_adding_up_probabilities(key: str) -> None:
    """What a model gives to all names of the list is the share that sampling estimates."""
    about, checkpoint = shipped_list(), loaded.checkpoint(key)
    share = few_and_many.share_of_many(about, checkpoint)
    exact = ranked_names.rank_all(about, checkpoint).listed
    error = few_and_many.standard_error(exact, 10_000)
    assert abs(share - exact) < 3 * error
    assert error < 0.005, "two of them are a point"


def test_the_standard_error_is_the_spread_of_shares_drawn_again() -> None:
    rng = random.Random(1)
    shares = [sum(rng.random() < 0.3 for _ in range(200)) / 200 for _ in range(2000)]
    mean = sum(shares) / len(shares)
    spread = math.sqrt(sum((each - mean) ** 2 for each in shares) / len(shares))
    assert few_and_many.standard_error(0.3, 200) == pytest.approx(spread, rel=0.05)


def test_shares_stand_there_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    """The models are named at once; the question waits for what it is about."""
    told = [SHIPPED[key].label for key in FIVE]
    ready = [0]
    asked: list[object] = []

    def take(future: Future[object]) -> object:
        asked.append(future)
        return future.result() if len(asked) <= ready[0] else None

    def begin(make: partial[object]) -> Future[object]:
        found: Future[object] = Future()
        found.set_result(0.25 if make.func is few_and_many.share_of_many else [3] * 60)
        return found

    monkeypatch.setattr(beside, "take", take)
    monkeypatch.setattr(few_and_many, "standings_of", lambda *_: None)
    monkeypatch.setattr(few_and_many, "look_again", lambda waits: None)
    monkeypatch.setattr(few_and_many, "begin_beside", lambda _, __, make: begin(make))
    for done, measured, known in ((0, 0, False), (2, 2, False), (7, 5, True), (10, 5, True)):
        asked.clear()
        ready[0] = done
        app = lab(6)
        assert not app.exception
        (chart,) = charts(app)
        assert chart.count("measuring") == len(told) - measured
        assert all(label in chart for label in told)
        asked.clear()
        app.button(key="few_names_show").click().run()
        assert any("still being counted" in each.value for each in app.markdown) != known
        assert bool([each for each in app.info if each.value.startswith("It is")]) == known


def test_in_8_of_60_seeds_the_mlp_looks_no_better_than_the_bigram(distinct: list[str]) -> None:
    """The figure of the page, counted anew; by chance it would be about so many."""
    known = set(distinct)
    bigram, mlp = (
        [sum(n in known for n in draw_names(loaded.checkpoint(key), seed)) for seed in range(60)]
        for key in ("bigram", "mlp")
    )
    assert sum(b <= a for a, b in zip(bigram, mlp, strict=True)) == 8
    about = shipped_list()
    shares = [
        ranked_names.rank_all(about, loaded.checkpoint(key)).listed for key in ("bigram", "mlp")
    ]
    counted, learned = (
        [math.comb(20, k) * p**k * (1 - p) ** (20 - k) for k in range(21)] for p in shares
    )
    expected = sum(counted[a] * learned[b] for a in range(21) for b in range(a + 1))
    assert abs(8 - 60 * expected) < 2 * math.sqrt(60 * expected * (1 - expected))
    beside.begin(lambda: None).result(timeout=60)
    app = lab(6)
    beside.begin(lambda: None).result(timeout=60)
    app.run()
    app.button(key="few_names_show").click().run()
    assert any("**8 of 60** seeds" in each.value for each in app.info)
    assert any("**in about one of eight**" in each.value for each in app.info)
