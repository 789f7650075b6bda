"""Measures a model: its loss on many examples, and what it thinks of a name letter by letter. Changes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp

import torch
from torch import Tensor, nn

from makemore.data.examples import Dataset, Examples, Split, Tally, windows
from makemore.data.vocabulary import DOT, Vocabulary
from makemore.inference import planned_forward
from makemore.models import Bigram, LanguageModel

CHUNK = 16384  # contexts a forward pass: large enough to be quick, small enough for the cache


@contextmanager
def eval_mode(model: nn.Module) -> Iterator[None]:
    """Eval mode and no gradients inside; the former mode afterwards."""
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        model.train(was_training)


def log_probabilities(model: LanguageModel, contexts: Tensor) -> Tensor:
    """(n, block) -> (n, vocab): the log probability of every next letter, in eval mode."""
    device = next(iter(model.state_dict().values())).device
    with eval_mode(model):
        parts = [
            planned_forward.logits(model, part.to(device)).log_softmax(dim=1).cpu()
            for part in contexts.split(CHUNK)
        ]
    return torch.cat(parts)


def tally_loss(model: LanguageModel, tally: Tally) -> float:
    """Mean NLL a character, in nats: each distinct context is looked at once, weighted by its counts."""
    chosen = log_probabilities(model, tally.contexts)[tally.rows, tally.targets].double()
    return float(-(chosen * tally.counts).sum() / tally.counts.sum())


def loss(model: LanguageModel, examples: Examples) -> float:
    """Mean NLL a character of these examples in eval mode, in nats; inf if one was held impossible."""
    return tally_loss(model, examples.tally)


@dataclass(frozen=True)
class Judgement:
    """The mean NLL a character of a split, in nats, and whether training has seen these names."""

    nll: float
    seen: bool


def judge(
    model: LanguageModel, dataset: Dataset, split: Split, *, trained_on: Split, same_data: bool
) -> Judgement:
    """The loss of a split; whoever shows one asks here.

    `trained_on` is the split that the model learned from, `same_data` whether the list was the same.
    A model that counts has the lecture's habit of counting every name, dev and test included. So for
    any split but `all` it is judged by a twin that has counted the train names alone, as far as the
    model has come: the figure of dev or test is then one for names that it has not seen.
    """
    judged = model
    if isinstance(model, Bigram) and same_data and trained_on == "all" and split != "all":
        judged = _twin_of_train(model, dataset)
    nll = loss(judged, dataset.examples(split, model.block_size))
    return Judgement(nll, has_seen(model, split, trained_on=trained_on, same_data=same_data))


def has_seen(model: LanguageModel, split: Split, *, trained_on: Split, same_data: bool) -> bool:
    """Whether the loss that `judge` tells is one for names that training has seen."""
    if not same_data:
        return False
    learned_from = "train" if isinstance(model, Bigram) else trained_on  # the twin knows no other
    return learned_from == "all" or split in ("train", "all")


def _twin_of_train(model: Bigram, dataset: Dataset) -> Bigram:
    """The model as it was when it came to the end of train, with which `all` begins."""
    train, counted = dataset.examples("train", model.block_size), int(model.counts.sum())
    return model.recounted(train.contexts[:counted], train.targets[:counted])


@dataclass(frozen=True)
class LetterScore:
    """One step through a name: the letters seen, the letter that came, and its probability."""

    context: str
    letter: str
    probability: float
    nll: float


@dataclass(frozen=True)
class NameScore:
    """A name letter by letter, its end included; `nll` is the mean over these letters, in nats."""

    name: str
    letters: tuple[LetterScore, ...]
    nll: float


def score(model: LanguageModel, vocabulary: Vocabulary, names: Sequence[str]) -> list[NameScore]:
    """What the model thinks of each name. Raises UnknownLetterError."""
    examples = windows(tuple(names), vocabulary, model.block_size)
    logp = log_probabilities(model, examples.contexts)
    chosen = logp.gather(1, examples.targets[:, None])[:, 0].tolist()
    scores, start = [], 0
    for name in names:
        end = start + len(name) + 1
        scores.append(_name_score(name, chosen[start:end], model.block_size))
        start = end
    return scores


def _name_score(name: str, logp: list[float], block_size: int) -> NameScore:
    padded = DOT * block_size + name
    letters = tuple(
        LetterScore(
            context=padded[i : i + block_size], letter=letter, probability=exp(value), nll=-value
        )
        for i, (letter, value) in enumerate(zip(name + DOT, logp, strict=True))
    )
    return NameScore(name, letters, -sum(logp) / len(logp))
