"""Finds a learning rate that works by trying lower ones on copies of a training. Knows no job and no screen."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter

from makemore.training.events import Diverged, Event, Stepped, Working
from makemore.training.recipes import Recipe
from makemore.training.trainer import Trainer

TRIAL_STEPS = 40
FEWEST_STEPS = 8  # that a trial is judged by when the time is over
LAST = 5  # batches that the end of a trial is the mean of
MOST_SECONDS = 1.5  # for all trials together
OVERSHOT = 1.0  # nats above the start; more than the luck of a batch
FALLEN = 0.05  # nats below the start; less may be luck
LOWEST = 1e-4  # rate; with less, nothing is to be seen of a training
DIVISORS = (10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000)


def trial_recipe(recipe: Recipe, rate: float) -> Recipe:
    """The same recipe as a short training of its own: its schedule is gone through in these few steps."""
    return replace(recipe.at_rate(rate), steps=TRIAL_STEPS, generations=1, decay_at=0)


class RateSearch:
    """Tries one rate after the other, each from the same start, one update with each `advance()`.

    start: makes a fresh trainer for a recipe. rate: the one that does not work; `again` tries it too,
    for a training that had another one before. `found` is the highest rate tried whose loss ended below
    that of the start without ever overshooting it by far; None if none did, or not in time.
    """

    def __init__(
        self, start: Callable[[Recipe], Trainer], recipe: Recipe, rate: float, *, again: bool
    ) -> None:
        self.found: float | None = None
        self.over = False
        self._start, self._recipe = start, recipe
        lower = [float(f"{rate / divisor:.1g}") for divisor in DIVISORS]
        tried = [each for each in lower if each >= LOWEST]
        self._rates = iter([rate, *tried] if again else tried)
        self._seconds = 0.0
        self._try_next()

    def advance(self) -> None:
        """Make one update of the trial under way, or a part of it, and judge it if that was its last."""
        started = perf_counter()
        event = next(self._events, None)
        self._seconds += perf_counter() - started
        late = self._seconds > MOST_SECONDS
        match event:
            case Diverged():
                self._try_next()
            case Working() if not late:
                pass
            case Stepped(loss=loss):
                self._losses.append(loss)
                if loss > self._losses[0] + OVERSHOT:
                    self._try_next()
                elif late:
                    self._judge()
            case _:
                self._judge()
        self.over = self.over or late

    def _try_next(self) -> None:
        rate = next(self._rates, None)
        if rate is None:
            self.over = True
            return
        self._rate, self._losses = rate, list[float]()
        self._events = self._trial(rate)

    def _trial(self, rate: float) -> Iterator[Event]:
        yield from self._start(trial_recipe(self._recipe, rate)).events(breaks=True)

    def _judge(self) -> None:
        """Whether the trial has lowered the loss."""
        end = self._losses[-LAST:]
        enough = len(self._losses) >= FEWEST_STEPS
        if enough and sum(end) / len(end) < self._losses[0] - FALLEN:
            self.found, self.over = self._rate, True
        else:
            self._try_next()
