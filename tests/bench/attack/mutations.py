"""Damages files of checkpoints and jobs and looks what is made of them: an error that is promised, or the truth.

Half of the damage is that of a disk or a transfer: bits, cuts, pieces of another file; whatever then
loads must be what was saved. The other half comes with hashes that vouch for it, as from somebody who
knows how: what then loads must at least be such that all who read it can.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor

from makemore.checkpoints import store, tensor_files
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.store import Checkpoint
from makemore.device import use_one_thread
from makemore.diagnostics.letters import embeddings
from makemore.experiments import runs
from makemore.inference import evaluation
from makemore.jobs import JobError, Spec
from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.jobs.job_files import pack_job, unpack_job
from makemore.jobs.messages import Caps, Order
from makemore.jobs.workers.order_run import OrderRun
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer
from makemore.training.trajectory_form import EMBEDDING
from tests.bench.alone import alone, peak_mb
from tests.bench.attack.count import Count
from tests.bench.attack.savers import SMALL, few
from tests.checkpoints.forging import Parts, as_pair, put, said

CHECKPOINTS, AUTOSAVES = 10_000, 2_000
MOST_MB = 500
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1, 2, 0.5, -0.5, 0.9, 1e308, 10**400, -(10**400), float("nan"), float("inf"), "", "x",
    "zyxwvutsrqponmlkjihgfedcba", [], [1], {}, {"train": -5}, 2**63, 2**64, 10_000_001, "count", "all",
)  # fmt: skip
Damage = Callable[[bytes, random.Random], bytes]


def flip(content: bytes, drawn: random.Random) -> bytes:
    """Another value in one to four bytes, mostly of the header."""
    changed = bytearray(content)
    for _ in range(drawn.randint(1, 4)):
        reach = min(len(changed), 3000) if drawn.random() < 0.6 else len(changed)
        changed[drawn.randrange(reach)] = drawn.randrange(256)
    return bytes(changed)


def cut(content: bytes, drawn: random.Random) -> bytes:
    """A file that ends too soon, or lacks a piece, or has one twice."""
    a, b = sorted(drawn.randrange(len(content)) for _ in range(2))
    return drawn.choice((content[:a], content[:a] + content[b:], content[:b] + content[a:]))


DAMAGES: tuple[Damage, ...] = (flip, flip, cut)


def odd_value(values: Any, drawn: random.Random) -> Any:
    """The same JSON with one value in it, however deep, missing or another one."""
    if isinstance(values, dict) and values and drawn.random() < 0.85:
        key = drawn.choice(sorted(values))
        if drawn.random() < 0.1:
            return {k: v for k, v in values.items() if k != key}
        return values | {key: odd_value(values[key], drawn)}
    if isinstance(values, list) and values and drawn.random() < 0.7:
        at = drawn.randrange(len(values))
        return [*values[:at], odd_value(values[at], drawn), *values[at + 1 :]]
    return drawn.choice(ODD)


def odd_tensor(tensors: dict[str, Tensor], drawn: random.Random) -> dict[str, Tensor]:
    """The same tensors with one missing, longer, shorter, of another kind, or with other numbers."""
    name = drawn.choice(sorted(tensors))
    tensor = tensors[name]
    flat = tensor.reshape(-1)
    made: Callable[[], Tensor | None] = drawn.choice(
        (
            lambda: None,
            lambda: flat[:-1],
            lambda: torch.cat([flat, flat[:1]]),
            lambda: flat,
            lambda: tensor[None],
            lambda: tensor[1:] if tensor.dim() else flat,
            lambda: tensor.double() if tensor.dtype is not torch.float64 else tensor.float(),
            lambda: tensor.long(),
            lambda: tensor.flip(0) if tensor.dim() else tensor + 1,
            lambda: _with(tensor, float("nan"), drawn),
            lambda: _with(tensor, -1, drawn),
            lambda: _with(tensor, 10**9, drawn),
            lambda: torch.zeros(0),
        )
    )
    new = made()
    kept = {key: value for key, value in tensors.items() if key != name}
    if new is None:
        return kept
    other = f"{name}x" if drawn.random() < 0.05 else name
    return kept | {other: new.contiguous().clone()}


def _with(tensor: Tensor, value: float, drawn: random.Random) -> Tensor:
    changed = tensor.clone().reshape(-1)
    if len(changed) and (changed.is_floating_point() or value == value):
        changed[drawn.randrange(len(changed))] = value if changed.dtype != torch.uint8 else 255
    return changed.reshape(tensor.shape)


def _vouched(content: bytes, drawn: random.Random) -> bytes:
    """A sealed file that says something else, or holds something else, and vouches for it."""
    tensors, values = load_tensors(content), said(content)
    if drawn.random() < 0.5:
        changed = odd_value(values, drawn)
        values = changed if isinstance(changed, dict) else {"format": changed}
    else:
        tensors = odd_tensor(tensors, drawn)
    about = {k: v for k, v in values.items() if k not in ("sha256", "tensors_sha256")}
    return tensor_files.pack(tensors, about)


# Checkpoints


def checkpoint_parts(folder: Path) -> list[Parts]:
    """One small checkpoint of several models each."""
    made = []
    for model, settings in (
        ("bigram", {}),
        ("mlp_bn", SMALL),
        ("wavenet", {**SMALL, "block_size": 4}),
    ):
        recipe = recipe_for("lecture", model, steps=4)
        trainer = Trainer.start(model, few(), recipe, seed=3, settings=dict(settings))
        runs.save(runs.run(trainer, 3), folder / "m")
        endings = ("json", "safetensors", "trajectory.safetensors")
        made.append({ending: (folder / f"m.{ending}").read_bytes() for ending in endings})
    return made


def damage_checkpoints(times: int, seed: int, *, vouched: bool) -> Count:
    """Damage one file of a checkpoint, so many times."""
    use_one_thread()
    drawn = random.Random(f"{seed} checkpoints {vouched}")
    count = Count(f"checkpoints, {'vouched' if vouched else 'damaged'}")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        good = checkpoint_parts(folder)
        wanted = [store.load(put(folder, parts)) for parts in good]
        for _ in range(times):
            which = drawn.randrange(len(good))
            parts = damage_parts(good[which], drawn, vouched=vouched)
            count.tried += 1
            try:
                found = store.load(put(folder, parts))
                store.read_metadata(folder / "m")
                sound = can_be_read(found) if vouched else is_same(found, wanted[which])
            except CheckpointError:
                count.promised += 1
            except Exception as error:
                count.others[type(error).__name__] += 1
            else:
                count.lost += not sound
    note_memory(count)
    return count


def note_memory(count: Count, peak: float = 0.0) -> None:
    """Tell the largest memory, else that of this process, in MB; more than MOST_MB is harm."""
    peak = peak or peak_mb()
    if peak > MOST_MB:
        count.others["more memory than promised"] += 1
    count.note = ", ".join(filter(None, (count.note, f"{peak:.0f} MB at most, torch included")))


def damage_parts(parts: Parts, drawn: random.Random, *, vouched: bool) -> Parts:
    if drawn.random() < 0.1:  # a pair of an earlier version
        parts = as_pair(parts)
        ending = drawn.choice(("json", "safetensors"))
        return (
            parts | {ending: drawn.choice(DAMAGES)(parts[ending], drawn)} if not vouched else parts
        )
    ending = drawn.choice(("safetensors", "safetensors", "trajectory.safetensors", "json"))
    if vouched and ending != "json":
        return parts | {ending: _vouched(parts[ending], drawn)}
    return parts | {ending: drawn.choice(DAMAGES)(parts[ending], drawn)}


def is_same(found: Checkpoint, wanted: Checkpoint) -> bool:
    """Whether nothing that is shown is other than it was; a trajectory may be missing."""
    told, want = asdict(found.metadata), asdict(wanted.metadata)
    if (
        told["format"] != want["format"]
    ):  # of a pair the JSON is no copy, and has no hash of its own
        told, want = {"model": told["model"]}, {"model": want["model"]}
    state, right = found.model.state_dict(), wanted.model.state_dict()
    if told != want or any(not torch.equal(state[key], right[key]) for key in right):
        return False
    if found.trajectory is None or wanted.trajectory is None:
        return True
    one, two = found.trajectory.to_tensors(), wanted.trajectory.to_tensors()
    return one.keys() == two.keys() and all(torch.equal(one[key], two[key]) for key in two)


def can_be_read(found: Checkpoint) -> bool:
    """Whether those who show a checkpoint can: its figures, its losses, its moments."""
    about = found.metadata
    [scored] = evaluation.score(found.model, found.vocabulary, [found.vocabulary.characters[0]])
    good = scored.nll >= 0 and min(about.losses.values()) >= 0 and about.step >= 0
    if (trajectory := found.trajectory) is not None:
        evaluated, probed = trajectory.evaluated, trajectory.probed
        rows = zip(*(evaluated[key].tolist() for key in ("step", "train", "dev")), strict=True)
        good &= all(step <= about.step for step, _, _ in rows)
        for i in range(len(probed["step"])):
            if EMBEDDING in probed:
                points = embeddings.points(
                    embeddings.plane(probed[EMBEDDING][i])[0], found.vocabulary
                )
                good &= len(points) == len(found.vocabulary)
            good &= all(
                abs(float(probed[name][i].sum()) - 1) < 0.01 for name in trajectory.intervals
            )
    return good


# Autosaves


def jobs_kept() -> list[Job]:
    """A job by each kind of update, somewhere on its way."""
    made, dataset = [], few()
    for model, name, steps in (
        ("mlp", "lecture", 12),
        ("wavenet", "fast", 9),
        ("mlp_bn", "best", 9),
    ):
        settings = {**SMALL, **({"block_size": 4} if model == "wavenet" else {})}
        changes = {"generations": 3} if name == "best" else {}
        recipe = recipe_for(name, model, steps=steps, batch_size=20, **changes)
        spec = Spec.of(model, recipe, seed=1, dataset=dataset, settings=settings)
        start = Point.start(steps, recipe.learning_rate)
        job = Job(spec=spec, dataset=dataset, steps=steps, point=start, seen_at=0.0)
        run = OrderRun(_order(job))
        while run.trainer.step < 7:
            run.advance()
        job.add_progress(run.report_progress())
        job.set_point(run.pack_state())
        made.append(job)
    return made


def _order(job: Job) -> Order:
    return Order(
        number=1,
        spec=job.spec,
        dataset=job.dataset,
        state=job.point.state,
        learning_rate=job.point.history.learning_rate,
        single_step=False,
        caps=Caps(60, 1000, 1e9),
    )


def damage_autosaves(times: int, seed: int, *, vouched: bool) -> Count:
    """Damage the file of a job, so many times; what can still be read goes on to its end."""
    use_one_thread()
    drawn = random.Random(f"{seed} autosaves {vouched}")
    count = Count(f"autosaves, {'vouched' if vouched else 'damaged'}")
    good = jobs_kept()
    files = [pack_job(job) for job in good]
    for _ in range(times):
        which = drawn.randrange(len(good))
        damaged = _vouched if vouched else drawn.choice(DAMAGES)
        count.tried += 1
        try:
            content = damaged(files[which], drawn)
            job = unpack_job(content, good[which].id, good[which].dataset, 0.0)
            sound = vouched or content == files[which]  # or one of its bits has changed unnoticed
            _go_on(job)
        except JobError:
            count.promised += 1
        except Exception as error:
            count.others[type(error).__name__] += 1
        else:
            count.lost += not sound
    note_memory(count)
    return count


def _go_on(job: Job) -> None:
    job.snapshot(0)
    for step in job.moments():
        weights = job.weights(step)
        assert weights is not None
        job.picture(step, weights, job.moved(step))
    run = OrderRun(_order(job))
    while run.advance() is None:
        pass


def attack(share: float, seed: int) -> Iterator[Count]:
    """CHECKPOINTS mutations of checkpoints, trajectories among them, and AUTOSAVES of jobs."""
    for vouched in (False, True):
        yield alone(_checkpoints, max(1, round(CHECKPOINTS * share / 2)), seed, vouched)
    for vouched in (False, True):
        yield alone(_autosaves, max(1, round(AUTOSAVES * share / 2)), seed, vouched)


def _checkpoints(times: int, seed: int, vouched: bool) -> Count:
    return damage_checkpoints(times, seed, vouched=vouched)


def _autosaves(times: int, seed: int, vouched: bool) -> Count:
    return damage_autosaves(times, seed, vouched=vouched)
