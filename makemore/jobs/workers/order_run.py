"""Carries out one order, event by event, and collects what to report. Knows no thread and no queue."""

from time import perf_counter

from makemore.checkpoints.tensor_files import pack
from makemore.jobs.messages import Ended, Newest, Order, Progress, Reason
from makemore.training.events import (
    Diverged,
    Evaluated,
    Event,
    Kept,
    Sampled,
    Stepped,
    Working,
)
from makemore.training.trainer import evenly, log_spaced

EVALUATIONS = 12
MOMENTS = 50
MOMENT_BYTES = 24_000_000  # for all moments of a job; larger nets keep fewer of them
NEWEST_SECONDS = 0.6  # between two reports of the newest weights
NEWEST_BYTES = 10_000_000  # of a net for which a second more lies between them


class OrderRun:
    """A trainer at work on an order. Call `advance()` until it returns the last report."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.trainer = order.spec.build_trainer(order.dataset, order.state, order.learning_rate)
        self.last_step = min(order.spec.recipe.steps, order.caps.steps)
        self._started = perf_counter()
        model_bytes = sum(w.nbytes for w in self.trainer.model.state_dict().values())
        affordable = max(2, min(MOMENTS, MOMENT_BYTES // model_bytes))
        evaluations = evenly(self.last_step, EVALUATIONS)
        self._keep_at = log_spaced(self.last_step, affordable)
        self._pass_at: set[int] = set()  # the next step whose weights are reported on the way
        self._newest_seconds = NEWEST_SECONDS + model_bytes / NEWEST_BYTES
        self._newest_due = self._started + self._newest_seconds
        self._events = self.trainer.events(
            self.last_step,
            evaluate_at=evaluations,
            keep_at=self._keep_at,
            pass_at=self._pass_at,
            sample_at=evaluations,
            breaks=True,
        )
        self._clear()

    def advance(self) -> Ended | None:
        """Go on to the next event. Returns the last report if the order has ended with it."""
        match event := next(self._events, None):
            case None:
                return self._report_last_step()
            case Diverged(cause=cause):
                return self.report_end("diverged", cause)
            case Stepped() if self.trainer.step < self.last_step:
                self._collect(event)
                if self.order.single_step:
                    return self.report_end("stepped")
                self._ask_for_newest()
                return self._report_if_late()
            case Working(updating=updating):
                capped = updating and not self.order.single_step
                return self._report_if_late() if capped else None
            case _:
                self._collect(event)
        return None

    def _ask_for_newest(self) -> None:
        """Have the weights after the next step reported, if the last ones are old by now."""
        if (now := perf_counter()) >= self._newest_due:
            self._newest_due = now + self._newest_seconds
            self._pass_at.clear()
            self._pass_at.add(self.trainer.step + 1)

    def _report_if_late(self) -> Ended | None:
        if self.trainer.seconds < self.order.caps.seconds:
            return None
        most = f"{self.order.caps.seconds:,.0f} seconds"
        return self.report_end("capped", f"a training may take {most} here")

    def report_end(self, reason: Reason, message: str = "") -> Ended:
        """The last report of the order."""
        return Ended(
            number=self.order.number, reason=reason, state=self.pack_state(), message=message
        )

    def report_progress(self) -> Progress:
        """What has happened since the last call."""
        trainer = self.trainer
        progress = Progress(
            number=self.order.number,
            step=trainer.step,
            seconds=trainer.seconds,
            elapsed=perf_counter() - self._started,
            learning_rate=trainer.recipe.learning_rate,
            learning_rate_now=trainer.recipe.learning_rate_at(max(trainer.step - 1, 0)),
            losses=tuple(self._losses),
            evaluated=tuple(self._evaluated),
            sampled=tuple(self._sampled),
            kept=tuple(self._kept),
            moved=tuple(self._moved),
            newest=self._newest,
        )
        self._clear()
        return progress

    def pack_state(self) -> bytes:
        """The trainer's state now, as bytes."""
        return pack(self.trainer.state())

    def _clear(self) -> None:
        self._losses: list[float] = []
        self._evaluated: list[Evaluated] = []
        self._sampled: list[Sampled] = []
        self._kept: list[tuple[int, bytes]] = []
        self._moved: list[tuple[int, tuple[float, ...]]] = []
        self._newest: Newest | None = None

    def _collect(self, event: Event) -> None:
        match event:
            case Stepped(loss=loss):
                self._losses.append(loss)
            case Evaluated():
                self._evaluated.append(event)
            case Sampled():
                self._sampled.append(event)
            case Kept(step=step, weights=weights, updates=updates) if step not in self._keep_at:
                self._newest = Newest(step, pack(weights), tuple(updates.values()))
            case Kept(step=step, weights=weights, updates=updates):
                self._kept.append((step, pack(weights)))
                if updates:  # not known where a training goes on; then what was told before stays
                    self._moved.append((step, tuple(updates.values())))

    def _report_last_step(self) -> Ended:
        if self.last_step < self.order.spec.recipe.steps:
            return self.report_end("capped", f"a training may take {self.last_step:,} steps here")
        return self.report_end("done")
