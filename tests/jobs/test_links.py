"""Links to a training: who gets the controls, who only looks, and that looking leads to no controls."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.jobs import Handle, JobError, Jobs, View, Watch
from makemore.jobs.job import Job
from makemore.jobs.links import is_token, new_token, watch_token
from tests.conftest import FEW
from tests.jobs.conftest import (
    LONG,
    Make,
    SpecOf,
    assert_same,
    finished,
    past,
    reference,
    until,
)


def always(session: str) -> bool:
    return True


def never(session: str) -> bool:
    return False


def watched(jobs: Jobs, token: str, dataset: Dataset) -> Watch:
    """What a link leads to for a session that may only look."""
    found = jobs.open_link(token, dataset, "onlooker", connected=never)
    assert isinstance(found, Watch)
    return found


def test_controls_go_to_the_next_one_when_their_holder_is_gone(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    here, asked = {"first"}, []

    def connected(session: str) -> bool:
        asked.append(session)
        return session in here

    first = jobs.start(spec(steps=LONG), few, "first")
    past(first, 5)
    second = jobs.open_link(first.token, few, "second", connected=connected)
    assert isinstance(second, Watch)
    assert asked == ["first"]
    assert (second.id, second.watch) == (first.id, first.watch)
    assert first.session == "first", "the controls stay"
    here.clear()
    assert jobs.open_link(first.token, few, "second", connected=connected) is first
    assert first.session == "second"
    here.add("second")
    assert isinstance(jobs.open_link(first.token, few, "first", connected=connected), Watch)
    assert jobs.open_link(first.token, few, "second", connected=connected) is first
    first.pause()
    assert second.snapshot().status == "paused"
    assert_same(first.state(), reference(first.spec, few, first.snapshot().step))


def test_controls_go_to_the_first_who_asks_when_nobody_holds_them(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    handle = jobs.start(spec(steps=LONG), few, "gone")
    past(handle, 5)
    token, watch, job_id = handle.token, handle.watch, handle.id
    del handle  # the server has forgotten the session; what is trained goes on
    first = jobs.open_link(token, few, "first", connected=always)
    assert isinstance(first, Handle)
    assert (first.id, first.token, first.watch) == (job_id, token, watch)
    assert isinstance(jobs.open_link(token, few, "second", connected=always), Watch)
    first.stop()


def test_the_former_training_of_a_session_stops_when_it_takes_over_another(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    mine, found = (jobs.start(spec(steps=LONG), few, session) for session in ("me", "gone"))
    jobs.open_link(found.token, few, "me", connected=always)
    assert mine.snapshot().active, "a look costs nothing"
    jobs.open_link(found.token, few, "me", connected=never)
    until(mine, lambda state: state.status == "stopped")
    assert found.snapshot().active
    assert jobs.start(found.spec, few, "me") is found
    found.stop()


ACTS: dict[str, Callable[[Handle], None]] = {
    "pause": Handle.pause,
    "resume": Handle.resume,
    "step": Handle.step_once,
    "stop": Handle.stop,
    "reset": Handle.reset,
    "rate": lambda handle: handle.set_learning_rate(0.01 * (1 + handle.snapshot().step % 5)),
    "close": Handle.close,
}


@pytest.fixture(scope="module")
def kept(workers: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """Jobs that are found again after their holder has gone."""
    made = Jobs(workers=workers, folder=tmp_path_factory.mktemp("kept"))
    yield made
    made.close()


@settings(max_examples=12)
@given(
    acts=st.lists(st.sampled_from([*ACTS, "leave", "take over"]), max_size=6), shared=st.booleans()
)
def test_whoever_has_the_token_to_watch_never_gets_the_controls(
    kept: Jobs, few: Dataset, spec: SpecOf, acts: list[str], shared: bool
) -> None:
    """Whatever the holder did, and also when nobody is there: the look follows, and that is all."""
    wanted = spec(steps=LONG)
    handle: Handle | None = kept.start(wanted, few, "me")
    other = kept.start(wanted, few, "other") if shared else None
    assert handle is not None
    token, watch = handle.token, handle.watch
    for act in acts:
        if handle is None or act == "take over":
            found = kept.open_link(token, few, "me again", connected=never)
            assert isinstance(found, Handle)
            handle = found
        if act == "leave":
            handle.pause()
            handle = None
        elif act in ACTS:
            ACTS[act](handle)
        look = watched(kept, watch, few)
        assert handle is None or look.id == handle.id
        assert watched(kept, watch, few).id == look.id
        with pytest.raises(JobError, match="not kept any more"):
            kept.open_link(watch_token(watch), few, "onlooker", connected=never)
    for each in (handle, other):
        if each is not None:
            each.stop()


def test_a_look_has_no_controls_and_changes_nothing(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    handle = jobs.start(spec(steps=LONG), few, "a")
    past(handle, 5)
    handle.pause()
    before, bits = handle.snapshot(), handle.state()
    look = watched(jobs, handle.watch, few)
    public = {name for name in dir(look) if not name.startswith("_")}
    controls = {name for name in vars(Handle) if not name.startswith("_")}
    assert public == {name for name in dir(View) if not name.startswith("_")} | {"watch", "follow"}
    assert not public & (controls - {"watch"})
    look.wait(lambda state: True, 1)
    look.moment(look.moments()[-1])
    look.trajectory()
    assert look.snapshot().watchers == 2
    assert jobs.find_spec(handle.watch, few) == handle.spec == look.spec
    del look
    assert handle.snapshot() == before
    twin = reference(handle.spec, few, before.step)
    assert_same(bits, twin)
    assert_same(handle.state(), twin)


def test_a_link_follows_its_holder_into_a_fork(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    wanted = spec(steps=LONG)
    mine, yours = (jobs.start(wanted, few, session) for session in ("me", "you"))
    looks = watched(jobs, mine.watch, few), watched(jobs, yours.watch, few)
    assert {look.id for look in looks} == {mine.id}
    mine.reset()
    mine.step_once()
    assert mine.id != yours.id
    assert [look.id for look in looks] == [mine.id, yours.id]
    assert looks[0].snapshot().step == 1
    assert looks[1].snapshot().active
    assert [watched(jobs, each.watch, few).id for each in (mine, yours)] == [mine.id, yours.id]
    assert (mine.snapshot().watchers, yours.snapshot().watchers) == (2, 2)
    assert jobs.open_link(mine.token, few, "new", connected=never) is mine
    assert jobs.open_link(yours.token, few, "new", connected=never) is yours
    yours.stop()


@pytest.mark.parametrize("connected", [always, never])
def test_a_link_that_is_opened_while_its_job_is_forked_leads_to_the_fork(
    jobs: Jobs,
    few: Dataset,
    spec: SpecOf,
    monkeypatch: pytest.MonkeyPatch,
    connected: Callable[[str], bool],
) -> None:
    wanted = spec(steps=LONG)
    mine, yours = (jobs.start(wanted, few, session) for session in ("me", "you"))
    find = jobs._find_linked

    def find_and_fork(token: str, dataset: Dataset) -> Job:
        found = find(token, dataset)
        mine.reset()
        return found

    monkeypatch.setattr(jobs, "_find_linked", find_and_fork)
    found = jobs.open_link(mine.token, few, "new", connected=connected)
    assert isinstance(found, Watch if connected is always else Handle)
    assert (found.id, found.watch) == (mine.id, mine.watch)
    assert mine.id != yours.id
    yours.stop()


def test_a_look_at_a_training_that_is_only_a_file(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    """To watch it first takes no controls away from whoever has their token."""
    jobs = make(folder=tmp_path)
    handle = jobs.start(spec(steps=LONG), few, "a")
    past(handle, 5)
    jobs.close()
    again = make(folder=tmp_path)
    look = watched(again, handle.watch, few)
    assert look.snapshot().status == "paused"
    mine = again.open_link(handle.token, few, "b", connected=always)
    assert isinstance(mine, Handle)
    assert mine.id == look.id == handle.id
    mine.step_once()
    assert look.snapshot().step == mine.snapshot().step
    assert again.find_spec(handle.token, few) == handle.spec
    assert isinstance(watched(again, handle.watch, few), Watch)


@pytest.mark.parametrize("state", ["running", "paused", "another rate"])
@pytest.mark.parametrize(("recipe", "model"), [("lecture", "mlp"), ("fast", "mlp_bn")])
def test_train_own_goes_on_from_where_the_training_stands(
    jobs: Jobs, few: Dataset, spec: SpecOf, recipe: str, model: str, state: str
) -> None:
    wanted = spec(model, recipe, steps=LONG)
    theirs = jobs.start(wanted, few, "they")
    past(theirs, 5)
    changed_at = None
    if state != "running":
        theirs.pause()
    if state == "another rate":
        changed_at = theirs.snapshot().step
        theirs.set_learning_rate(0.02)
        theirs.resume()
        past(theirs, changed_at + 5)
    before = theirs.snapshot()
    own = jobs.train_own(watched(jobs, theirs.watch, few), "me")
    assert own.id != theirs.id
    assert not {own.token, own.watch} & {theirs.token, theirs.watch}
    assert (own.session, own.spec) == ("me", wanted)
    assert own.snapshot().step >= before.step
    assert own.snapshot().losses[: len(before.losses)] == before.losses
    past(own, before.step + 5)
    own.pause()
    after = theirs.snapshot()
    assert after.active == before.active
    assert after.watchers == 1, "the look is over, and the other is another training"
    if state == "paused":
        assert after == before
    theirs.pause()
    for handle in (own, theirs):
        step = handle.snapshot().step
        twin = reference(wanted, few, changed_at or step)
        if changed_at is not None:
            twin.set_learning_rate(0.02)
            list(twin.events(step))
        assert_same(handle.state(), twin)


def test_train_own_is_the_one_training_of_its_session(
    jobs: Jobs, few: Dataset, spec: SpecOf
) -> None:
    theirs, mine = (jobs.start(spec(steps=LONG), few, session) for session in ("they", "me"))
    past(theirs, 5)
    own = jobs.train_own(watched(jobs, theirs.watch, few), "me")
    until(mine, lambda state: state.status == "stopped")
    assert own.snapshot().active
    assert theirs.snapshot().active
    assert theirs.session == "they"
    for handle in (own, theirs):
        handle.stop()


def test_train_own_of_what_has_just_ended_is_a_copy_with_a_link_that_lasts(
    make: Make, few: Dataset, spec: SpecOf, tmp_path: Path
) -> None:
    jobs = make(folder=tmp_path)
    theirs = jobs.start(spec(), few, "they")
    last = finished(theirs)
    own = jobs.train_own(watched(jobs, theirs.watch, few), "me")
    assert own.id != theirs.id
    assert own.snapshot().losses == last.losses
    token, job_id = own.token, own.id
    assert_same(own.state(), reference(own.spec, few))
    del own
    found = jobs.open_link(token, few, "me again", connected=never)
    assert isinstance(found, Handle)
    assert (found.id, found.snapshot().status) == (job_id, "finished")


def test_another_name_list_is_told(jobs: Jobs, few: Dataset, spec: SpecOf) -> None:
    other = Dataset(parse_names(FEW.replace(" ", "\n") + "\nzora", "other.txt"))
    handle = jobs.start(spec(steps=LONG), few, "a")
    for token in (handle.token, handle.watch):
        with pytest.raises(JobError, match="choose that list first"):
            jobs.open_link(token, other, "b", connected=never)
        with pytest.raises(JobError, match="choose that list first"):
            jobs.find_spec(token, other)
    assert handle.session == "a"
    handle.stop()


@pytest.mark.parametrize("token", ["", "0" * 16, "A" * 16, "0" * 15, "../../x", "💥", "0" * 5000])
def test_what_is_no_link_is_told(jobs: Jobs, few: Dataset, token: str) -> None:
    with pytest.raises(JobError, match="start a new one"):
        jobs.open_link(token, few, "a", connected=never)
    with pytest.raises(JobError, match="start a new one"):
        jobs.find_spec(token, few)


def test_tokens_are_new_each_time_and_those_to_watch_are_theirs_alone() -> None:
    tokens = [new_token() for _ in range(200)]
    watches = [watch_token(token) for token in tokens]
    assert len({*tokens, *watches}) == 400
    assert all(is_token(each) for each in (*tokens, *watches))
    assert [watch_token(token) for token in tokens] == watches
