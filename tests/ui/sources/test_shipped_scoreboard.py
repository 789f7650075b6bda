"""The scoreboard of what is shipped: every figure is one that a training or a study wrote."""

import json
from collections import Counter
from statistics import fmean, stdev

import pandas as pd
import pytest

from makemore.checkpoints import store
from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.data.examples import Dataset
from makemore.experiments import studies
from makemore.ui.sources.shipped_scoreboard import board, count_repeated, have_seen


def same(found: object, wanted: float | None) -> bool:
    """Whether a cell holds this figure, or nothing where there is none."""
    return bool(pd.isna([found])[0]) if wanted is None else found == wanted


def dev_losses(name: str) -> list[float]:
    """Those of the study, seed by seed, as its file has them."""
    stored = json.loads((studies.FOLDER / "seed_spread.json").read_text(encoding="utf-8"))
    runs = sorted(stored["results"], key=lambda run: str(run["seed"]))
    return [run["dev"] for run in runs if run["variant"] == name]


def test_every_shipped_checkpoint_has_a_row_with_the_figures_to_hold_it_against() -> None:
    rows = board(SHIPPED).to_dict("records")
    assert [row["model"] for row in rows] == list(SHIPPED)
    for row in rows:
        made, about = SHIPPED[row["model"]], store.read_metadata(row["model"])
        assert same(row["reported"], made.reported)
        assert same(row["lecture"], made.lecture)
        assert row["label"] == made.label
        assert {split: row[split] for split in ("train", "dev", "test")} == about.losses


def test_a_name_without_a_checkpoint_has_no_row() -> None:
    assert board(["mlp", "nothing"])["model"].tolist() == ["mlp"]


def test_the_figures_reported_for_the_bigrams_are_of_all_names() -> None:
    rows = board(SHIPPED)
    assert rows.loc[rows["reported_on"] == "all", "model"].tolist() == ["bigram", "bigram_nn"]


@pytest.mark.parametrize("name", studies.STUDIES["seed_spread"].variants)
def test_the_deviation_is_that_of_the_study(name: str) -> None:
    found = dev_losses(name)
    assert len(found) == 5
    assert board([name])["deviation"].tolist() == pytest.approx([stdev(found)])


def test_what_only_counts_is_the_same_for_every_seed() -> None:
    assert board(["bigram"])["deviation"].tolist() == [0.0]
    assert board(["mlp_2d"])["deviation"].isna().all()


def test_batch_norm_is_a_little_above_the_mlp_and_seeds_alone_do_as_much() -> None:
    rows = board(("mlp", "mlp_bn"))
    mlp, norm = rows["dev"]
    assert norm - mlp == pytest.approx(0.0019, abs=5e-5)
    assert norm - mlp < rows["deviation"].max()
    gap = fmean(dev_losses("mlp_bn")) - fmean(dev_losses("mlp"))
    assert rows["difference"].tolist()[1] == pytest.approx(gap)
    assert abs(gap) < 3 * rows["error"].tolist()[1]


def test_who_has_learned_from_which_names() -> None:
    """The counted bigram did from all, but its losses are those of a twin which did not."""
    assert have_seen(FIVE, "dev") == have_seen(FIVE, "test") == ["Bigram, as a net"]
    assert have_seen(FIVE, "train") == [SHIPPED[name].label for name in FIVE]


def test_names_of_girls_and_boys_stand_in_two_splits(real: Dataset) -> None:
    in_train = Counter(real.names("train"))
    assert count_repeated("dev") == (sum(in_train[n] > 0 for n in real.names("dev")), 3203)
    assert count_repeated("dev")[0] == 424
    assert max(Counter(real.names("all")).values()) == 2  # so both are listed once
