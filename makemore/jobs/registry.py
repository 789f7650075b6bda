"""Knows all jobs of a server: which are shared, forked, or watched by nobody. Knows no Streamlit."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from weakref import WeakValueDictionary

from makemore.data.examples import Dataset
from makemore.jobs.attendance import Attendance, Connected
from makemore.jobs.autosave import Autosave
from makemore.jobs.handle import Handle
from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.jobs.linked import LinkedJobs
from makemore.jobs.links import is_token, watch_token
from makemore.jobs.log import log_event
from makemore.jobs.messages import Caps, Progress, Report
from makemore.jobs.pool import STOP_SECONDS, Pool
from makemore.jobs.quotas import SAVES, STARTS, Limits, Quota, check_room, check_series
from makemore.jobs.series import Series
from makemore.jobs.spec import JobError, Spec
from makemore.jobs.view import View, Watch
from makemore.jobs.workers.hosts import Crew, ProcessHost, StartHost, ThreadHost
from makemore.training.trainer import Trainer

RUNNING = 2  # threads that train at once: more only slow each other down
MOST_WORKERS = 64  # processes, or workers of a cluster that one server takes

Key = tuple[Spec, str]


class Jobs:
    """There is one a server. With `workers` the jobs train in as many processes, else in threads.

    crew: workers on other machines that train instead, at most `workers` of them.
    running: how many train at once in threads. max_seconds, max_steps: what one training may take.
    folder: where jobs that can go on are kept, every `autosave_seconds`; servers may share it; None
    keeps none.
    unseen_seconds: how long a job trains without a `snapshot()` by anybody. starts: how many a minute.
    stop_seconds: how long Stop and Pause wait for the worker to confirm.
    """

    def __init__(
        self,
        *,
        running: int = RUNNING,
        workers: int = 0,
        crew: Crew | None = None,
        max_seconds: float = 600,
        max_steps: int = 1_000_000,
        autosave_seconds: float = 10,
        folder: Path | None = None,
        unseen_seconds: float = 180,
        starts: Limits = STARTS,
        stop_seconds: float = STOP_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_steps, self._clock = max_steps, clock
        self._closed = False
        self._attendance = Attendance(unseen_seconds, clock)
        self._starts, self._saves = Quota("starts", starts, clock), Quota("saves", SAVES, clock)
        self.autosave = Autosave(folder)
        # Weak references: a resting job lives as long as somebody has a handle of it.
        self._sessions: WeakValueDictionary[str, Handle] = WeakValueDictionary()
        self._by_key: WeakValueDictionary[Key, Job] = WeakValueDictionary()
        self._by_id: WeakValueDictionary[str, Job] = WeakValueDictionary()
        self._series: WeakValueDictionary[str, Series] = WeakValueDictionary()
        self._linked = LinkedJobs(self._by_id, self.autosave, clock)
        caps = Caps(max_seconds, max_steps, autosave_seconds)
        start_host: StartHost = ProcessHost if workers else ThreadHost
        number = workers or running
        if crew is not None:
            start_host, number = crew.start_host, workers or MOST_WORKERS
        self.pool = Pool(
            start_host,
            number,
            caps,
            self._on_report,
            self._attendance.is_present,
            stop_seconds,
            missing=lambda: crew.missing if crew is not None else "",
        )
        self._crew = crew
        if crew is not None:
            crew.begin(self.pool.welcome)

    def start(
        self, spec: Spec, dataset: Dataset, session: str, *, connected: Connected | None = None
    ) -> Handle:
        """Train this, or share the job that does. The session lets go of its former job, if that runs.

        Raises JobError, also for too many starts, and ConfigError for an unknown model or setting or
        a step that is too large.
        """
        if spec.names_sha256 != dataset.name_list.sha256:
            raise JobError("the spec is for another name list than the one given")
        key = (spec.complete, dataset.vocabulary.characters)
        spec.complete.check_affordable(dataset)
        with self.pool.changed:
            self._check_open()
            self._starts.use(session)
            self._attendance.connected = connected or self._attendance.connected
            self.pause_unseen()
            former = self._sessions.get(session)
            own = former.job if former is not None else None
            shared = self._by_key.get(key)
            if former is not None and own is shared and former.job.active:
                return former
            job = shared if shared and shared is not own and shared.joinable else None
            fresh = job or self._new_job(key, dataset)
            self.pool.check(fresh, waits=job is None)
            handle = self._linked.register(Handle(self, fresh, session))
            self.activate(handle)
            if job is None:
                self.pool.enqueue(handle.job)
            else:
                log_event("shared", job, watchers=len(job.holders))
        if not handle.job.active:  # no worker reports it any more
            self.autosave.keep(handle.job)
        return handle

    def start_series(
        self, specs: Sequence[Spec], dataset: Dataset, session: str, *, connected: Connected
    ) -> Series:
        """Train these one after the other, behind the jobs of everybody. One at a time for a session.

        Raises JobError, also for too many, and ConfigError for one that cannot be trained.
        """
        check_series(specs)
        for spec in {replace(spec, seed=0): spec for spec in specs}.values():
            spec.check_affordable(dataset)
        with self.pool.changed:
            self._check_open()
            former = self._series.get(session)
            if former is not None and former.snapshot().active:
                raise JobError("a sweep of yours is under way; stop it first")
            self._starts.use(session)
            self._attendance.connected = connected
            self._series[session] = series = Series(self, specs, dataset, session)
            series.begin_next()
        return series

    def new_patient_job(self, spec: Spec, dataset: Dataset) -> Job:
        """A job of a series, which nobody else shares."""
        job = self._build_job(spec, dataset, patient=True)
        self._attendance.begin(job)
        return job

    def open_link(
        self, token: str, dataset: Dataset, session: str, *, connected: Connected
    ) -> Handle | Watch:
        """What the token of a link leads to: a job that is still here, or its file. Raises JobError.

        The controls go to the first session that asks for them with a handle's token, and to the next
        one when `connected` says that it is gone. Everybody else, and whoever has the token to watch,
        gets a look; so do all while another server has the job.
        """
        watch, linked = watch_token(token), self._find_linked(token, dataset)
        if watch in linked.links and not linked.ours:
            linked = self._linked.claim(linked)
        with self.pool.changed:
            self._check_open()
            linked = self._linked.admit(linked)
            handle = self._linked.holder(watch)
            if handle is None and watch not in linked.links:
                return Watch(self, linked, token)
            if handle is None and not linked.ours:
                return Watch(self, linked, watch)
            if handle is None:
                handle = self._linked.register(Handle(self, linked, session, token))
            elif handle.session != session and connected(handle.session):
                return Watch(self, handle.job, watch)  # it may have been forked since it was found
            self._hand_over(handle, session)
            return handle

    def train_own(self, view: View, session: str) -> Handle:
        """Go on from where a job stands in one of this session's own. Raises JobError."""
        with self.pool.changed:
            self._check_open()
            self._starts.use(session)
            twin = self._fork(view.job, self.pool.current_point(view.job))
            handle = self._linked.register(Handle(self, twin, session))
            handle.resume()
        if not handle.job.active:  # it had ended meanwhile, and no worker reports it
            self.autosave.keep(handle.job)
        return handle

    def find_spec(self, token: str, dataset: Dataset) -> Spec:
        """What is trained where the token of a link leads to. Raises JobError."""
        return self._find_linked(token, dataset).spec

    def _find_linked(self, token: str, dataset: Dataset) -> Job:
        """The job of a link, with controls or to watch, still here or from its file. Raises JobError."""
        watches = (token, watch_token(token))
        linked = self._linked.load(watches, dataset) if is_token(token) else None
        if linked is None:
            raise JobError("the training of this link is not kept any more; start a new one")
        if linked.spec.names_sha256 != dataset.name_list.sha256:
            raise JobError("this link is for another name list; choose that list first")
        return linked

    def look_again(self, watch: Watch) -> None:
        """Take in what became of a job that is not this server's own. Raises JobError."""
        if not watch.job.ours and (found := self._linked.load([watch.watch], watch.job.dataset)):
            with self.pool.changed:
                self._linked.admit(found)

    def find_job(self, watch: str) -> Job | None:
        """The job under a link, if it is still here."""
        return self._linked.find(watch)

    def mark_seen(self, job: Job) -> None:
        """Note that somebody watches this job now."""
        with self.pool.changed:
            self._attendance.mark(job)
            self.pause_unseen()

    def count_save(self, session: str, folder: Path | None = None) -> None:
        """Note that a session saves, perhaps into this folder. Raises JobError where that is too much."""
        if folder is not None:
            check_room(folder.glob("*"))
        with self.pool.changed:
            self._saves.use(session)

    def pause_unseen(self) -> None:
        """Pause the jobs that nobody watches, and let those go on that are waited for."""
        with self.pool.changed:
            self._attendance.pause_left(self.pool)
            self.pool.dispatch()  # who waits may have come back

    def activate(self, handle: Handle) -> None:
        """Make this job the only active one of its session. Nobody else holds the former: it stops."""
        former = self._sessions.get(handle.session)
        if former is not None and former is not handle and former.job.active:
            if all(holder is former for holder in former.job.holders):
                self.pool.halt(former.job, "stopped", "stopped, as another training was started")
            former.close()
        self._sessions[handle.session] = handle
        self._attendance.begin(handle.job)

    def fork(self, handle: Handle, *, from_start: bool) -> Job:
        """Make a job for this session alone, at the place where the shared one stands."""
        job = handle.job
        twin = self._fork(job, job.point if from_start else self.pool.current_point(job, soon=True))
        job.holders.discard(handle)
        job.links.discard(handle.watch)
        twin.links.add(handle.watch)
        return twin

    def _fork(self, job: Job, point: Point) -> Job:
        twin = job.fork(point)
        self._by_id[twin.id] = twin
        self.autosave.claim(twin)
        log_event("forked", twin, of=job.id)
        return twin

    def build_trainer(self, handle: Handle) -> Trainer:
        """A trainer that stands where the job stands now."""
        job = handle.job
        point = self.pool.current_point(job)
        return job.spec.build_trainer(job.dataset, point.state, point.history.learning_rate)

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Shut down: jobs that run, wait or are paused are kept as files, and no worker is left."""
        self._closed = True
        # Held here, as nothing else may hold a job that waited once it is out of the queue.
        jobs = list(self._by_id.values())
        self.pool.close()
        if self._crew is not None:
            self._crew.close()
        for job in jobs:
            if job.status == "paused" and not job.patient:
                self.autosave.keep(job)
        self.autosave.close()

    def _check_open(self) -> None:
        if self._closed:
            raise JobError("the server is shutting down; try again in a minute")

    def _hand_over(self, handle: Handle, session: str) -> None:
        """Give the controls to a session; the one that had them can only look from now on."""
        if self._sessions.get(handle.session) is handle:
            del self._sessions[handle.session]
        handle.session = session
        handle.job.holders.add(handle)
        if handle.job.active:
            self.activate(handle)
        self.pool.search_rate(handle.job)  # one that was under way ended with the server

    def _new_job(self, key: Key, dataset: Dataset) -> Job:
        job = self._by_key[key] = self._build_job(key[0], dataset)
        self.autosave.claim(job)
        return job

    def _build_job(self, spec: Spec, dataset: Dataset, *, patient: bool = False) -> Job:
        steps = min(spec.recipe.steps, self._max_steps)
        job = Job(
            spec=spec,
            dataset=dataset,
            steps=steps,
            point=Point.start(steps, spec.recipe.learning_rate),
            seen_at=self._clock(),
            affordable=True,
            patient=patient,
        )
        self._by_id[job.id] = job
        return job

    def _on_report(self, job: Job | None, report: Report) -> None:
        self.pause_unseen()
        if job is None or isinstance(report, Progress):
            return
        if not job.patient:
            self.autosave.keep(job)
        for holder in [each for each in job.holders if isinstance(each, Series)]:
            holder.go_on()
