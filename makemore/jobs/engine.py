"""Carries out one order, event by event, and gathers what to report. Knows no thread and no queue."""

from time import perf_counter

from makemore.events import Diverged, Evaluated, Event, Kept, Sampled, Stepped
from makemore.files import pack
from makemore.jobs.messages import Ended, Order, Progress, Reason
from makemore.training import evenly, log_spaced

EVALUATIONS = 12
MOMENTS = 50
MOMENT_BYTES = 24_000_000  # for all moments of a job; larger nets keep fewer of them


class Engine:
    """A trainer at work. Ask for `advance()` until it says that the order has ended."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.trainer = order.spec.trainer(order.dataset, order.state, order.learning_rate)
        self.until = min(order.spec.recipe.steps, order.caps.steps)
        self._started = perf_counter()
        weights = sum(w.nbytes for w in self.trainer.model.state_dict().values())
        moments = log_spaced(self.until, max(2, min(MOMENTS, MOMENT_BYTES // weights)))
        evaluations = evenly(self.until, EVALUATIONS)
        self._events = self.trainer.events(
            self.until, evaluate_at=evaluations, keep_at=moments, sample_at=evaluations
        )
        self._gather()

    def advance(self) -> Ended | None:
        """Go on to the next event; say so if it was the last."""
        match event := next(self._events, None):
            case None:
                return self._at_the_end()
            case Diverged(cause=cause, remedy=remedy, safer_learning_rate=safer):
                return self.ended("diverged", f"{cause}; {remedy}", safer)
            case Stepped() if self.trainer.step < self.until:
                self._note(event)
                if self.order.single:
                    return self.ended("stepped")
                if self.trainer.seconds >= self.order.caps.seconds:
                    most = f"{self.order.caps.seconds:,.0f} seconds"
                    return self.ended("capped", f"a training may take {most} here")
            case _:
                self._note(event)
        return None

    def ended(self, reason: Reason, message: str = "", safer: float | None = None) -> Ended:
        """The last report of the order."""
        return Ended(self.order.number, reason, self.state(), message, safer)

    def state(self) -> bytes:
        return pack(self.trainer.state())

    def progress(self) -> Progress:
        """What has happened since this was asked last."""
        trainer = self.trainer
        told = Progress(
            self.order.number,
            trainer.step,
            trainer.seconds,
            perf_counter() - self._started,
            trainer.recipe.learning_rate,
            trainer.recipe.learning_rate_at(max(trainer.step - 1, 0)),
            tuple(self._losses),
            tuple(self._evaluated),
            tuple(self._sampled),
            tuple(self._kept),
        )
        self._gather()
        return told

    def _gather(self) -> None:
        self._losses: list[float] = []
        self._evaluated: list[Evaluated] = []
        self._sampled: list[Sampled] = []
        self._kept: list[tuple[int, bytes]] = []

    def _note(self, event: Event) -> None:
        match event:
            case Stepped(loss=loss):
                self._losses.append(loss)
            case Evaluated():
                self._evaluated.append(event)
            case Sampled():
                self._sampled.append(event)
            case Kept(step=step, weights=weights):
                self._kept.append((step, pack(weights)))

    def _at_the_end(self) -> Ended:
        if self.until < self.order.spec.recipe.steps:
            return self.ended("capped", f"a training may take {self.until:,} steps here")
        return self.ended("done")
