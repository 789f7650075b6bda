"""Prints training events, as JSON lines or as plain lines under a bar, and warnings. Knows no model."""

import json
import math
import sys
from dataclasses import asdict
from functools import cache
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from makemore.training.events import Diverged, Evaluated, Event, Stepped


def emit(values: dict[str, Any]) -> None:
    """One JSON object on a line of stdout; JSON has no infinity, so a loss without end is null."""
    print(json.dumps(_plain(values), ensure_ascii=False, allow_nan=False), flush=True)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@cache
def warn(message: str) -> None:
    """Say it on a line of stderr, once in the life of the process."""
    print(f"makemore: {message}", file=sys.stderr, flush=True)


class Printer:
    """A listener for events. The bar is shown on a terminal only, on stderr, and never beside JSON."""

    def __init__(self, steps: int, *, log_every: int, as_json: bool) -> None:
        self.log_every = log_every
        self.as_json = as_json
        quiet = as_json or not sys.stderr.isatty()
        self.bar = tqdm(total=steps, unit="step", disable=quiet, leave=False, mininterval=0.5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.bar.close()

    def __call__(self, event: Event) -> None:
        if isinstance(event, Stepped):
            self.bar.update()
            if event.step % self.log_every:
                return
        if self.as_json:
            self._emit(event)
        else:
            self._print(event)

    def _emit(self, event: Event) -> None:
        match event:
            case Stepped(step=step, seconds=seconds, loss=loss):
                emit({"event": "stepped", "step": step, "seconds": seconds, "loss": loss})
            case Evaluated():
                emit({"event": "evaluated", **asdict(event)})
            case Diverged():
                emit({"event": "diverged", **asdict(event)})

    def _print(self, event: Event) -> None:
        match event:
            case Stepped(step=step, seconds=seconds, loss=loss):
                tqdm.write(f"step {step:>9,}  {seconds:8.1f} s  batch loss {loss:.4f}")
            case Evaluated(step=step, seconds=seconds, train=train, dev=dev):
                tqdm.write(f"     {step:>9,}  {seconds:8.1f} s  train {train:.4f}  dev {dev:.4f}")
            case Diverged(step=step, cause=cause):
                tqdm.write(f"step {step:>9,}  stopped: {cause}")


def print_table(rows: list[dict[str, Any]]) -> None:
    """Our figures beside the reported ones: mean NLL a character, in nats."""
    head = ("checkpoint", "reported", "lecture", "dev", "train", "test", "numbers", "seconds")
    print("{:<18}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}".format(*head))
    for row in rows:
        known = "".join(
            f"{row[k]:>9.4f}" if row[k] else f"{'-':>9}" for k in ("reported", "lecture")
        )
        print(
            f"{row['checkpoint']:<18}{known}{row['dev']:>9.4f}{row['train']:>9.4f}"
            f"{row['test']:>9.4f}{row['parameters']:>9,}{row['seconds']:>9.1f}"
        )
