"""Losses and scores against the plain computation over every example, and what measuring leaves behind."""

import copy
import math

import pytest
import torch
import torch.nn.functional as F
from torch import Generator

from makemore.data.examples import SPLITS, Dataset, Split, windows
from makemore.data.vocabulary import UnknownLetterError
from makemore.inference.evaluation import eval_mode, judge, log_probabilities, loss, score
from makemore.models import MODELS, Bigram, LanguageModel, build
from tests.conftest import Start


def trained(start: Start, name: str) -> LanguageModel:
    trainer = start(name)
    list(trainer.events())
    return trainer.model


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("split", SPLITS)
def test_the_loss_is_the_cross_entropy_of_all_examples(
    few: Dataset, start: Start, name: str, split: Split
) -> None:
    model = trained(start, name)
    examples = few.examples(split, model.block_size)
    naive = F.cross_entropy(model.eval()(examples.contexts).double(), examples.targets).item()
    assert loss(model, examples) == pytest.approx(naive, abs=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_the_loss_on_real_names(real: Dataset, name: str) -> None:
    """Far more contexts than one pass takes, and many of them more than once."""
    model = build(name, 27, Generator().manual_seed(1)).eval()
    examples = real.examples("dev", model.block_size)
    with torch.no_grad():
        naive = F.cross_entropy(model(examples.contexts).double(), examples.targets).item()
    assert loss(model, examples) == pytest.approx(naive, abs=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_a_score_is_that_of_each_letter_by_itself(few: Dataset, start: Start, name: str) -> None:
    model = trained(start, name).eval()
    names = ["emma", "quentin", "", "zz"]
    for scored, text in zip(score(model, few.vocabulary, names), names, strict=True):
        assert scored.name == text
        assert "".join(each.letter for each in scored.letters) == text + "."
        context = "." * model.block_size
        for each in scored.letters:
            assert each.context == context
            ids = torch.tensor([[few.vocabulary.letters.index(c) for c in context]])
            logits = model(ids)[0].detach().double()
            probability = logits.softmax(0)[few.vocabulary.letters.index(each.letter)].item()
            assert each.probability == pytest.approx(probability, rel=1e-5)
            assert each.nll == pytest.approx(-math.log(probability), abs=1e-5)
            context = (context + each.letter)[1:]
        mean = sum(each.nll for each in scored.letters) / len(scored.letters)
        assert scored.nll == pytest.approx(mean)


@pytest.mark.parametrize("name", MODELS)
def test_scores_average_to_the_loss(few: Dataset, start: Start, name: str) -> None:
    model = trained(start, name)
    names = few.names("dev")
    letters = [each for scored in score(model, few.vocabulary, names) for each in scored.letters]
    mean = sum(each.nll for each in letters) / len(letters)
    assert mean == pytest.approx(loss(model, few.examples("dev", model.block_size)), abs=1e-6)


@pytest.mark.parametrize("name", ["emma!", "e.mma", "émma", "Emma"])
def test_a_score_needs_known_letters(few: Dataset, start: Start, name: str) -> None:
    with pytest.raises(UnknownLetterError, match="the known ones are abcdefgh"):
        score(start("mlp").model, few.vocabulary, [name])


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("training", [True, False])
def test_measuring_changes_nothing(few: Dataset, start: Start, name: str, training: bool) -> None:
    model = start(name).model.train(training)
    before = copy.deepcopy(model.state_dict())
    examples = few.examples("dev", model.block_size)
    first = loss(model, examples)
    score(model, few.vocabulary, ["emma"])
    assert loss(model, examples) == first
    assert model.training is training
    assert torch.is_grad_enabled()
    after = model.state_dict()
    assert all(torch.equal(before[key], after[key]) for key in before)


def test_eval_mode_ends_with_an_error_too(start: Start) -> None:
    model = start("mlp_bn").model.train()
    modes = []

    def fail() -> None:
        with eval_mode(model):
            modes.append(model.training)
            raise RuntimeError("in between")

    with pytest.raises(RuntimeError, match="in between"):
        fail()
    assert modes == [False]
    assert model.training
    assert not torch.is_inference_mode_enabled()


@pytest.mark.parametrize("name", MODELS)
def test_probabilities_add_up_to_one(few: Dataset, start: Start, name: str) -> None:
    model = trained(start, name)
    logp = log_probabilities(model, few.examples("all", model.block_size).contexts)
    sums = logp.double().exp().sum(1)
    assert torch.allclose(sums, torch.ones_like(sums), atol=1e-5)


def counted(few: Dataset, names: tuple[str, ...], smoothing: float) -> Bigram:
    size = len(few.vocabulary)
    model = build("bigram", size, Generator(), {"smoothing": smoothing})
    assert isinstance(model, Bigram)
    examples = windows(names, few.vocabulary, 1)
    model.count(examples.contexts, examples.targets)
    return model


def test_an_impossible_pair_costs_infinitely_much(few: Dataset) -> None:
    """The lecture's andrejq: jq was never seen."""
    for smoothing, infinite in ((0, True), (1, False)):
        model = counted(few, few.names("all"), smoothing)
        [scored] = score(model, few.vocabulary, ["jq"])
        assert math.isinf(scored.nll) is infinite
        assert (scored.letters[1].probability == 0) is infinite
        assert math.isinf(loss(model, windows(("jq",), few.vocabulary, 1))) is infinite


@pytest.mark.parametrize("split", SPLITS)
def test_counts_are_judged_by_names_they_have_not_seen(few: Dataset, split: Split) -> None:
    everything = counted(few, few.names("all"), 1)
    fair = everything if split == "all" else counted(few, few.names("train"), 1)
    found = judge(everything, few, split, trained_on="all", same_data=True)
    assert found.nll == loss(fair, few.examples(split, 1))
    assert found.seen is (split in ("train", "all"))


@pytest.mark.parametrize("names", [0, 5, 33, 35, 42])
def test_half_done_counts_are_judged_by_what_they_have_counted_of_train(
    few: Dataset, names: int
) -> None:
    """33 of the 42 names are train; the counting goes on into dev and test."""
    halfway = counted(few, few.names("all")[:names], 1)
    fair = counted(few, few.names("train")[:names], 1)
    found = judge(halfway, few, "dev", trained_on="all", same_data=True)
    assert found.nll == loss(fair, few.examples("dev", 1))


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(("trained_on", "same_data"), [("train", True), ("all", False)])
def test_every_other_model_is_judged_as_it_is(
    few: Dataset, start: Start, name: str, split: Split, trained_on: Split, same_data: bool
) -> None:
    """The bigram too, when it has counted train alone, or other names."""
    model = trained(start, name)
    found = judge(model, few, split, trained_on=trained_on, same_data=same_data)
    assert found.nll == loss(model, few.examples(split, model.block_size))
    assert found.seen is (same_data and split in ("train", "all"))


@pytest.mark.parametrize("split", SPLITS)
def test_a_net_that_learns_from_all_names_has_seen_every_split(
    few: Dataset, start: Start, split: Split
) -> None:
    assert judge(trained(start, "bigram_nn"), few, split, trained_on="all", same_data=True).seen
