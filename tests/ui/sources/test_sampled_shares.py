"""The shares of thousands of sampled names: those of the checkpoint that is asked for, drawn once."""

from dataclasses import replace

import pytest

from makemore.inference import sampling
from makemore.ui.kit.chosen_list import shipped_list
from makemore.ui.sources import loaded
from makemore.ui.sources.sampled_shares import shares_of, shares_of_dev


@pytest.mark.parametrize(("name", "temperature"), [("bigram", 1.0), ("mlp", 0.5)])
def test_the_shares_are_those_of_names_drawn_again(name: str, temperature: float) -> None:
    checkpoint = loaded.checkpoint(name)
    found = shares_of(checkpoint, loaded.dataset(), temperature)
    drawn = sampling.sample(
        checkpoint.model,
        checkpoint.vocabulary,
        10_000,
        seed=1,
        temperature=temperature,
        max_length=30,
    )
    everybody = set(loaded.name_list().names)
    train = set(loaded.dataset().names("train"))

    def triples(each: str) -> set[tuple[str, str, str]]:
        letters = [".", *each, "."]
        return set(zip(letters, letters[1:], letters[2:], strict=False))

    known = {triple for each in train for triple in triples(each)}
    assert found.names == 10_000
    assert found.listed == pytest.approx(sum(each in everybody for each in drawn) / 10_000)
    assert found.in_train == pytest.approx(sum(each in train for each in drawn) / 10_000)
    made = [bool(each) and not triples(each) - known for each in drawn]
    assert found.familiar == pytest.approx(sum(made) / 10_000)


def test_they_are_worked_out_once_for_each_checkpoint_and_temperature() -> None:
    bigram = loaded.checkpoint("bigram")
    copy = replace(bigram, name="copy")
    names = loaded.dataset()
    assert shares_of(bigram, names, 1.0) is shares_of(copy, names, 1.0)
    assert shares_of(bigram, names, 1.0) is not shares_of(bigram, names, 0.5)


def test_figures_at_temperature_1() -> None:
    """What pages may say of them."""
    found = {
        name: shares_of(loaded.checkpoint(name), loaded.dataset(), 1.0)
        for name in ("bigram", "mlp", "wavenet")
    }
    assert [round(each.listed, 3) for each in found.values()] == [0.117, 0.285, 0.309]
    assert [round(each.familiar, 3) for each in found.values()] == [0.676, 0.936, 0.927]


def test_the_dev_names_stand_in_the_list_and_some_of_them_in_train() -> None:
    dev = shares_of_dev(loaded.dataset())
    assert (dev.names, dev.listed) == (3203, 1.0)
    assert dev.in_train == pytest.approx(424 / 3203)
    assert round(dev.familiar, 3) == 0.962
    assert len(shipped_list().known) == 29_494
