"""The most probable completions are those that trying out every name finds."""

from itertools import product
from math import exp

import pytest
import torch

from makemore.data.vocabulary import UnknownLetterError, Vocabulary
from makemore.inference import completions, evaluation
from makemore.models import LanguageModel, build

ABC = Vocabulary("ab")
LONGEST = 7  # letters of the names that are all tried out


def net(model: str, seed: int) -> LanguageModel:
    """A small net with parameters large enough for probabilities that differ much."""
    settings = {"bigram_nn": {}, "mlp": {"embedding": 3, "hidden": 8}}[model]
    made = build(model, len(ABC), torch.Generator().manual_seed(seed), settings).eval()
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(2)
    return made


def tried_out(model: LanguageModel, prefix: str) -> dict[str, float]:
    """The probability of every name of up to seven letters that begins so, given that it does."""
    found = {}
    for more in range(LONGEST - len(prefix) + 1):
        for letters in product(ABC.characters, repeat=more):
            name = prefix + "".join(letters)
            (score,) = evaluation.score(model, ABC, [name])
            found[name] = exp(-sum(letter.nll for letter in score.letters[len(prefix) :]))
    return found


@pytest.mark.parametrize("prefix", ["", "a", "ba"])
@pytest.mark.parametrize(("model", "seed"), [("bigram_nn", 1), ("mlp", 2), ("mlp", 3)])
def test_they_are_the_most_probable_of_all(
    model: str, seed: int, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completions, "LONGEST", LONGEST)
    made = net(model, seed)
    found = completions.complete(made, ABC, prefix, most=6)
    best = sorted(tried_out(made, prefix).items(), key=lambda each: -each[1])[:6]
    assert found.exact
    assert [each.name for each in found.completions] == [name for name, _ in best]
    assert [each.probability for each in found.completions] == pytest.approx(
        [probability for _, probability in best], rel=1e-5
    )


def test_all_names_together_are_certain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where names can be no longer than three letters, those that are cut there lack the rest."""
    monkeypatch.setattr(completions, "LONGEST", 3)
    made = net("mlp", 4)
    found = completions.complete(made, ABC, "", most=100)
    assert len(found.completions) == 1 + 2 + 4 + 8
    assert sum(each.probability for each in found.completions) < 1
    assert found.completions == tuple(sorted(found.completions, key=lambda each: -each.probability))


def test_it_says_when_it_gave_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completions, "MOST_LOOKS", 1)
    found = completions.complete(net("mlp", 2), ABC, "", most=1000)
    assert not found.exact
    assert len(found.completions) < 1000


def test_a_letter_that_the_alphabet_lacks_is_refused() -> None:
    with pytest.raises(UnknownLetterError, match="z"):
        completions.complete(net("mlp", 2), ABC, "z")
