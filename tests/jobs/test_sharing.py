"""Equal specs are one job; whoever changes anything gets a fork, bit for bit, and nobody else notices."""

from collections.abc import Callable

import pytest

from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.data.vocabulary import Vocabulary
from makemore.jobs import Handle, JobError, Jobs, Spec
from tests.conftest import FEW
from tests.jobs.conftest import LONG, TINY, SpecOf, assert_same, finished, past, reference, until

CONTROLS: dict[str, Callable[[Handle], None]] = {
    "pause": Handle.pause,
    "stop": Handle.stop,
    "reset": Handle.reset,
    "step_once": Handle.step_once,
    "set_learning_rate": lambda handle: handle.set_learning_rate(0.01),
}


def test_thirty_sessions_with_equal_specs_share_one_job(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    wanted = spec(steps=LONG)
    short = Spec("mlp", tuple(TINY["mlp"].items()), wanted.recipe, wanted.seed, wanted.names_sha256)
    handles = [jobs.start(wanted if i % 2 else short, few, f"session {i}") for i in range(30)]
    assert len({handle.id for handle in handles}) == 1
    past(handles[0], 10)
    states = [handle.snapshot() for handle in handles]
    assert {state.watchers for state in states} == {30}
    handles[1].pause()  # the only one left is the last: all others let go
    for handle in handles[2:]:
        handle.close()
    handles[0].pause()
    for handle in handles[:2]:
        assert_same(handle.state(), reference(wanted, few, handle.snapshot().step))


def test_a_shared_job_ends_for_all_and_whoever_comes_late(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    wanted = spec()
    first, second = (jobs.start(wanted, few, session) for session in "ab")
    finished(first)
    late = jobs.start(wanted, few, "c")
    assert first.snapshot() == second.snapshot() == late.snapshot()
    assert_same(late.state(), reference(wanted, few))


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_forks_a_shared_job(jobs: Jobs, few: Dataset, spec: SpecOf, control: str) -> None:
    wanted = spec(steps=LONG)
    mine, yours = (jobs.start(wanted, few, session) for session in "ab")
    shared = past(mine, 10)
    CONTROLS[control](mine)
    assert mine.id != yours.id
    theirs, own = yours.snapshot(), mine.snapshot()
    assert (theirs.status, theirs.learning_rate, theirs.watchers) == ("running", 0.1, 1)
    assert theirs.step >= shared.step
    assert own.watchers == 1
    if control == "set_learning_rate":
        assert own.active
        past(mine, own.step)
    else:
        assert own.status == ("stopped" if control == "stop" else "paused")
        assert own.step == 0 if control == "reset" else own.step >= shared.step
        assert_same(mine.state(), reference(wanted, few, own.step))
        mine.resume()
        past(mine, own.step)
    mine.pause()
    yours.pause()
    if control != "set_learning_rate":
        assert_same(mine.state(), reference(wanted, few, mine.snapshot().step))
    assert_same(yours.state(), reference(wanted, few, yours.snapshot().step))


def test_a_fork_with_another_rate_goes_on_from_where_it_was_forked(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    wanted = spec(steps=LONG)
    mine, yours = (jobs.start(wanted, few, session) for session in "ab")
    past(mine, 10)
    mine.pause()
    forked_at = mine.snapshot().step
    mine.set_learning_rate(0.01)
    mine.resume()
    past(mine, forked_at + 5)
    mine.pause()
    twin = reference(wanted, few, forked_at)
    twin.set_learning_rate(0.01)
    list(twin.events(mine.snapshot().step))
    assert_same(mine.state(), twin)
    yours.stop()


def test_a_waiting_shared_job_forks_too(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    busy = [jobs.start(spec(steps=LONG), few, f"busy {i}") for i in range(2)]
    wanted = spec(steps=LONG)
    mine, yours = (jobs.start(wanted, few, session) for session in "ab")
    assert mine.snapshot().status == "queued"
    mine.step_once()
    assert_same(mine.state(), reference(wanted, few, 1))
    assert (yours.snapshot().status, yours.snapshot().place) == ("queued", 1)
    for handle in (*busy, yours):
        handle.stop()


def test_a_job_that_left_its_course_is_joined_by_nobody(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    wanted = spec(steps=LONG)
    mine = jobs.start(wanted, few, "a")
    mine.set_learning_rate(0.01)
    yours = jobs.start(wanted, few, "b")
    assert yours.id != mine.id
    assert yours.snapshot().learning_rate == 0.1
    yours.pause()
    third = jobs.start(wanted, few, "c")
    assert third.id not in (mine.id, yours.id)
    for handle in (mine, third):
        handle.stop()


def test_a_session_has_one_active_job(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    first_spec, second_spec = spec(steps=LONG), spec(steps=LONG)
    first = jobs.start(first_spec, few, "a")
    assert jobs.start(first_spec, few, "a") is first, "a second click changes nothing"
    second = jobs.start(second_spec, few, "a")
    until(first, lambda state: state.status == "stopped")
    assert "another training" in first.snapshot().message
    first.resume()
    until(second, lambda state: state.status == "stopped")
    assert first.snapshot().active
    companion = jobs.start(first_spec, few, "b")
    third = jobs.start(spec(), few, "a")
    assert companion.snapshot().active, "what somebody else holds goes on"
    assert finished(third).status == "finished"
    companion.stop()


def test_start_after_the_end_trains_anew(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    wanted = spec()
    first = jobs.start(wanted, few, "a")
    last = finished(first)
    second = jobs.start(wanted, few, "a")
    assert second.id != first.id
    assert finished(second).losses == last.losses
    assert first.snapshot() == last


def test_thirty_sessions_are_isolated(jobs: Jobs, spec: SpecOf) -> None:
    """Each with a list of its own; each gets the floats of its own list alone."""
    datasets = []
    for i in range(30):
        text = FEW.replace(" ", "\n") + f"\nsecret{chr(97 + i % 26)}{chr(97 + i // 26)}"
        datasets.append(Dataset(parse_names(text, "mine.txt")))
    specs = [
        Spec.of("mlp", spec(steps=3).recipe, seed=5, dataset=dataset, settings=TINY["mlp"])
        for dataset in datasets
    ]
    handles = [
        jobs.start(s, d, f"{i}") for i, (s, d) in enumerate(zip(specs, datasets, strict=True))
    ]
    assert len({handle.id for handle in handles}) == 30
    for handle, wanted, dataset in zip(handles, specs, datasets, strict=True):
        assert finished(handle).watchers == 1
        assert_same(handle.state(), reference(wanted, dataset))


def test_another_alphabet_is_another_job(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    wider = Dataset(few.name_list, Vocabulary(few.vocabulary.characters + "é"))
    wanted = spec()
    first, second = jobs.start(wanted, few, "a"), jobs.start(wanted, wider, "b")
    assert first.id != second.id
    finished(second)
    assert_same(second.state(), reference(wanted, wider))


def test_a_spec_for_other_names_is_refused(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    other = Dataset(parse_names(FEW.replace(" ", "\n") + "\nzora", "other.txt"))
    with pytest.raises(JobError, match="another name list"):
        jobs.start(spec(), other, "a")
