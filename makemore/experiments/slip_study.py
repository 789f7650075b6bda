"""What becomes of a training with each wrong gradient: measured once and shipped. Knows no page.

`python -m tests.bench.slips` measures it again, in two minutes.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import get_args

from makemore.by_hand.backprop import draw_net
from makemore.by_hand.hand_training import Trained, changed_step, train
from makemore.by_hand.wrong_gradients import WRONG, Fate, end_of, fate
from makemore.checkpoints import whole_files
from makemore.data.examples import Dataset
from makemore.experiments import studies
from makemore.experiments.study_variants import StudyError

NAME = "slips"
STEPS, SEED, BLOCK = 500, 1, 3


@dataclass(frozen=True)
class SlipResult:
    """One training: `number` is the place, from 0, of the wrong formula among those of its gradient.

    end: the mean loss of the last 100 batches in nats; None where there is none.
    """

    name: str
    number: int
    fate: Fate
    end: float | None


def train_with(dataset: Dataset, changed: dict[str, str]) -> Trained:
    """The short training, with other code for the gradients of some values."""
    net = draw_net(letters=len(dataset.vocabulary))
    examples = dataset.examples("train", BLOCK)
    return train(net, examples, steps=STEPS, seed=SEED, slope=changed_step(changed))


def measure(dataset: Dataset) -> Iterator[SlipResult]:
    """One wrong formula after the other, beside the right one on the same batches."""
    right = train_with(dataset, {})
    for name, wrongs in WRONG.items():
        for number, wrong in enumerate(wrongs):
            run = train_with(dataset, {name: wrong.code})
            end = end_of(run)
            yield SlipResult(name, number, fate(run, right), round(end, 4) if end == end else None)


def write(results: list[SlipResult]) -> None:
    """Beside the other studies, at once or not at all."""
    about = {"steps": STEPS, "seed": SEED, "results": [asdict(each) for each in results]}
    whole_files.write_file(studies.FOLDER / f"{NAME}.json", json.dumps(about, indent=1).encode())


def read() -> list[SlipResult]:
    """One for each wrong formula there is. Raises StudyError."""
    path = studies.FOLDER / f"{NAME}.json"
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["results"]
        found = [SlipResult(**row) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(f"{path.name} cannot be read; get it again") from error
    known = [(name, number) for name, wrongs in WRONG.items() for number in range(len(wrongs))]
    fates = get_args(Fate)
    whole = [(each.name, each.number) for each in found] == known
    if not whole or not all(each.fate in fates for each in found):
        raise StudyError(f"{path.name} is of other formulas; get it again")
    return found
