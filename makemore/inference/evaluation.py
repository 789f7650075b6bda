"""Measures a model: its loss on many examples, and what it thinks of a name letter by letter. Changes nothing."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp
from typing import TypeVar, cast

import torch
from torch import Tensor, nn

from makemore.data.examples import Dataset, Examples, Split, Tally, windows
from makemore.data.vocabulary import DOT, Vocabulary
from makemore.inference import planned_forward
from makemore.models import Bigram, LanguageModel

# Contexts a forward pass: enough to be quick, few enough for the cache and, where a net is wide, for
# somebody who waits for the end of it.
CHUNK, LEAST_CHUNK = 16384, 256
CHUNK_WORK = 4_000_000_000  # contexts times weights
NAMES_AT_ONCE = 20_000  # whose letters' probabilities are kept at a time

T = TypeVar("T")


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


def finish(work: Generator[None, None, T]) -> T:
    """What a computation in parts comes to, without a break."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return cast(T, end.value)


def log_probabilities(model: LanguageModel, contexts: Tensor) -> Tensor:
    """(n, block) -> (n, vocab): the log probability of every next letter, in eval mode."""
    return finish(_log_probabilities(model, contexts))


def _log_probabilities(model: LanguageModel, contexts: Tensor) -> Generator[None, None, Tensor]:
    device = next(iter(model.state_dict().values())).device
    size = max(LEAST_CHUNK, min(CHUNK, CHUNK_WORK // max(model.size, 1)))
    parts = []
    for part in contexts.split(size):
        with eval_mode(model):
            parts.append(planned_forward.logits(model, part.to(device)).log_softmax(dim=1).cpu())
        yield
    return torch.cat(parts)


def tally_loss(model: LanguageModel, tally: Tally) -> float:
    """Mean NLL a character, in nats: each distinct context is looked at once, weighted by its counts."""
    return finish(_tally_loss(model, tally))


def _tally_loss(model: LanguageModel, tally: Tally) -> Generator[None, None, float]:
    logp = yield from _log_probabilities(model, tally.contexts)
    chosen = logp[tally.rows, tally.targets].double()
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
    """The loss of a split; whoever shows one asks here, or `judge_in_parts`.

    `trained_on` is the split that the model learned from, `same_data` whether the list was the same.
    A model that counts has the lecture's habit of counting every name, dev and test included. So for
    any split but `all` it is judged by a twin that has counted the train names alone, as far as the
    model has come: the figure of dev or test is then one for names that it has not seen.
    """
    return finish(judge_in_parts(model, dataset, split, trained_on=trained_on, same_data=same_data))


def judge_in_parts(
    model: LanguageModel, dataset: Dataset, split: Split, *, trained_on: Split, same_data: bool
) -> Generator[None, None, Judgement]:
    """The same with a break after every few thousand contexts, in which the model may be looked at."""
    judged = judged_model(model, dataset, split, trained_on=trained_on, same_data=same_data)
    nll = yield from _tally_loss(judged, dataset.examples(split, model.block_size).tally)
    return Judgement(nll, has_seen(model, split, trained_on=trained_on, same_data=same_data))


def judged_model(
    model: LanguageModel, dataset: Dataset, split: Split, *, trained_on: Split, same_data: bool
) -> LanguageModel:
    """The model whose loss on this split stands for that of `model`: itself, or its twin; see `judge`."""
    if isinstance(model, Bigram) and same_data and trained_on == "all" and split != "all":
        return _twin_of_train(model, dataset)
    return model


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


def name_totals(model: LanguageModel, vocabulary: Vocabulary, names: Sequence[str]) -> Tensor:
    """(names,) float64: the NLL of each name as a whole, its end included, in nats.

    Divided by a name's letters and one it is the mean that `score` tells. Raises UnknownLetterError.
    """
    starts = range(0, len(names), NAMES_AT_ONCE)
    parts = [_name_totals(model, vocabulary, names[i : i + NAMES_AT_ONCE]) for i in starts]
    return torch.cat([torch.zeros(0, dtype=torch.float64), *parts])


def _name_totals(model: LanguageModel, vocabulary: Vocabulary, names: Sequence[str]) -> Tensor:
    examples = windows(tuple(names), vocabulary, model.block_size)
    logp = log_probabilities(model, examples.contexts)
    lost = -logp.gather(1, examples.targets[:, None])[:, 0].double()
    letters = torch.tensor([len(name) + 1 for name in names])
    of = torch.repeat_interleave(torch.arange(len(names)), letters)
    return torch.zeros(len(names), dtype=torch.float64).index_add_(0, of, lost)


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
