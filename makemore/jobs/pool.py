"""Dispatches queued jobs to workers, one each, and acts on their reports. Knows no session."""

from collections.abc import Callable
from itertools import count
from threading import Condition, RLock
from time import monotonic

from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.jobs.log import log_event
from makemore.jobs.messages import (
    Caps,
    Close,
    Ended,
    Halt,
    Order,
    Progress,
    RateFound,
    Report,
    RequestState,
    SetLearningRate,
    StateReport,
)
from makemore.jobs.searches import Searches
from makemore.jobs.spec import JobError, Status
from makemore.jobs.waiting import Waiting
from makemore.jobs.workers.hosts import StartHost, WorkerHost

MOST_WAITING = 100  # jobs
MADE_ROOM = "made room for others"  # what a patient job says that will be queued again
WAIT_SECONDS = 10.0  # that a control waits for a worker to confirm; most take some milliseconds
STOP_SECONDS = (
    0.8  # that Stop and Pause wait so; a worker that starts, or has no core, takes longer
)


class Pool:
    """Every method may be called from any thread. `listen` gets every report, outside the lock."""

    def __init__(
        self,
        start_host: StartHost,
        size: int,
        caps: Caps,
        listen: Callable[[Job | None, Report], None],
        present: Callable[[Job], bool],
        stop_seconds: float = STOP_SECONDS,
        missing: Callable[[], str] = str,
    ) -> None:
        self.changed = Condition(RLock())  # guards every job, and wakes those who wait for one
        self._start_host, self._size, self._caps, self._listen = start_host, size, caps, listen
        self._hosts: list[WorkerHost] = []
        self._missing = missing
        self._queue, self._stop_seconds = Waiting(present), stop_seconds
        self._orders: dict[int, Job] = {}
        self._searches = Searches()
        self._host_of: dict[int, WorkerHost] = {}
        self._numbers, self._requests = count(1), count(1)
        self._answers: dict[int, Point | None] = {}
        self.hosts()

    def active_jobs(self) -> list[Job]:
        """The jobs that run, then those that wait."""
        with self.changed:
            # One that was halted may still be with a worker that has yet to say so.
            return [*(job for job in self._orders.values() if job.active), *self._queue]

    def queue_place(self, job: Job) -> int:
        """The job's place in the queue, from 1; 0 when it is not there."""
        return self._queue.place(job)

    @property
    def awaited(self) -> bool:
        """Whether somebody waits for a worker."""
        return bool(self._queue.in_order())

    def enqueue(self, job: Job) -> None:
        """Let a resting job go on from its point as soon as a worker is free."""
        with self.changed:
            self.check(job, waits=True)
            self._free(job)
            self._prepare(job)
            job.status, job.message = "queued", ""
            self._queue.add(job)
            log_event("queued", job, place=self._queue.place(job))
            self.dispatch()

    def check(self, job: Job, *, waits: bool) -> None:
        """Raises JobError where nothing more can be trained, ConfigError for steps that are too large."""
        with self.changed:
            if not self._size:
                raise JobError("the server is shutting down; try again in a minute")
            if waits and self._before(job) >= MOST_WAITING:
                raise JobError(f"{MOST_WAITING} trainings wait already; try again in a minute")
            if not job.affordable:  # it comes from a file
                job.spec.check_affordable(job.dataset)
                job.affordable = True

    def _before(self, job: Job) -> int:
        """How many jobs wait that this one would wait for."""
        return sum(job.patient or not each.patient for each in self._queue.in_order())

    def halt(self, job: Job, status: Status, message: str = "") -> None:
        """Let the job rest with that status; one that runs gets there after its step."""
        with self.changed:
            if job.order is not None:
                job.halt_status, job.message = status, message
                if not job.active:  # it rests already, though its worker has yet to say so
                    job.status = status
                self._host_of[job.order].send(Halt(job.order))
                return
            self._queue.remove(job)
            if job.status != status:
                job.status, job.message = status, message
                log_event(status, job)
            self.changed.notify_all()

    def drop(self, job: Job) -> None:
        """Let the job rest at once; what its worker still reports of it is ignored."""
        with self.changed:
            self._queue.remove(job)
            if job.order is not None:
                self._host_of[job.order].send(Halt(job.order))
                self._orders.pop(job.order)
                job.order = None

    def wait_until_halted(self, job: Job) -> None:
        """Block until a job that is halted rests, which it does soon, whatever its worker is at.

        What a worker that is late reports is taken in when it comes, unless the job has gone on by then.
        """
        with self.changed:
            if not self.changed.wait_for(lambda: job.order is None, self._stop_seconds):
                job.status = job.halt_status
                log_event("unconfirmed", job)
                self.changed.notify_all()

    def _free(self, job: Job) -> None:
        """Let a job that is to go on wait for its last report; without one it goes on from its last state."""
        if job.order is not None:
            self.wait_until_idle(job)
            self.drop(job)

    def step_once(self, job: Job) -> None:
        """Make one step of a resting job now: it is too short to wait in the queue."""
        with self.changed:
            self.check(job, waits=False)
            self._free(job)
            self._prepare(job)
            self._send_order(self._idlest_host(), job, single_step=True)

    def set_learning_rate(self, job: Job, rate: float) -> None:
        """Go on with another learning rate, whether the job runs or rests."""
        with self.changed:
            job.learning_rate, job.altered = rate, True
            job.forget_search()
            if job.order is not None:
                self._host_of[job.order].send(SetLearningRate(job.order, rate))
            else:
                job.rewind(job.point.with_learning_rate(rate))

    def search_rate(self, job: Job) -> None:
        """Let a worker find a learning rate that works for the job, if it needs one."""
        with self.changed:
            if not self._size or not job.needs_search:
                return
            if not self.hosts():  # nobody is there to find one
                job.end_search(None)
                return
            self._searches.start(next(self._numbers), job, self._idlest_host())

    def wait_until_idle(self, job: Job) -> None:
        """Block until no worker trains the job."""
        with self.changed:
            self.changed.wait_for(lambda: job.order is None, WAIT_SECONDS)

    def current_point(self, job: Job, *, soon: bool = False) -> Point:
        """Where the job stands now, to go on from there; a job that runs goes on running.

        The last state that is known, where its worker does not tell it in time, which is less for `soon`.
        """
        with self.changed:
            number = job.order
            if number is None:
                return job.point
            request = next(self._requests)
            self._answers[request] = None
            self._host_of[number].send(RequestState(number, request))
            self.changed.wait_for(
                lambda: self._answers[request] is not None or job.order != number,
                self._stop_seconds if soon else WAIT_SECONDS,
            )
            return self._answers.pop(request) or job.point

    def close(self) -> None:
        """Let all jobs rest where they stand and end the workers."""
        with self.changed:
            self._size = 0
            for job in self.active_jobs():
                self.halt(job, "paused")
            self.changed.wait_for(lambda: not self._orders, WAIT_SECONDS)
            self._searches.clear()
            hosts, self._hosts = self._hosts, []
            for host in hosts:
                host.send(Close())
        deadline = monotonic() + WAIT_SECONDS  # they end beside each other
        for host in hosts:
            host.join(max(deadline - monotonic(), 0.0))

    def on_report(self, host: WorkerHost, report: Report) -> None:
        """Act on a worker's report; called by the thread of its host."""
        with self.changed:
            job = self._orders.get(report.number)  # None: it was dropped meanwhile
            match report:
                case Ended():
                    self._end_order(host, job, report)
                case RateFound():
                    job = self._searches.end(report)
                case StateReport() if job is not None:
                    self._take_state(job, report)
                case Progress() if job is not None:
                    job.add_progress(report)
            if job is not None:
                self.search_rate(job)
            self.changed.notify_all()
        self._listen(job, report)

    def on_lost(self, host: WorkerHost, what: str) -> None:
        """Fail the jobs of a worker that ended without a report: killed, out of memory, or out of reach."""
        with self.changed:
            if host not in self._hosts:
                return  # it was closed
            self._hosts.remove(host)
            self._searches.lose(host)
            message = f"{what}; resume goes on from the last state"
            for number in [number for number, at in self._host_of.items() if at is host]:
                ended = Ended(
                    number=number, reason="failed", state=None, message=message, where="worker lost"
                )
                self._end_order(host, self._orders.get(number), ended)
            self.changed.notify_all()

    def hosts(self) -> list[WorkerHost]:
        """The hosts of all workers; lost ones are replaced first, if there are others."""
        while len(self._hosts) < self._size:
            host = self._start_host(self.on_report, self.on_lost)
            if host is None:
                break
            self._hosts.append(host)
        return self._hosts

    def welcome(self) -> None:
        """Take on the workers that have come, and tell those who wait how it stands."""
        with self.changed:
            self.hosts()
            self.dispatch()
            self.changed.notify_all()

    @property
    def missing(self) -> str:
        """Why nothing is trained though jobs wait; "" where there are workers."""
        return "" if self._hosts else self._missing()

    def _idlest_host(self) -> WorkerHost:
        if not self.hosts():
            raise JobError(f"{self.missing}; try again in a minute")
        return min(self._hosts, key=lambda host: host.busy is not None)

    def _prepare(self, job: Job) -> None:
        """Rewind to the last state: after a failure the history is ahead of it."""
        if job.history.step != job.point.history.step:
            job.rewind(job.point)

    def _take_state(self, job: Job, report: StateReport) -> None:
        job.set_point(report.state)
        if report.request in self._answers:
            self._answers[report.request] = job.point

    def _end_order(self, host: WorkerHost, job: Job | None, ended: Ended) -> None:
        self._orders.pop(ended.number, None)
        self._host_of.pop(ended.number, None)
        if host.busy == ended.number:
            host.busy = None
        if job is not None:
            job.end_order(ended)
            log_event(job.status, job, where=ended.where)
        self.dispatch()

    def dispatch(self) -> None:
        """Give a job to every worker that has none, as far as somebody waits for one."""
        for job in [job for job in self._queue if not job.holders and not job.onlookers]:
            self.halt(job, "paused", "paused, as nobody waited for it")
        if not self.awaited:
            return
        for host in [host for host in self.hosts() if host.busy is None]:
            taken = self._queue.take()
            if taken is None:
                return
            self._send_order(host, taken, single_step=False)
        self._make_room()

    def _make_room(self) -> None:
        """Let patient jobs that run rest, one for each other job that waits; they are queued again."""
        waiting = sum(not job.patient for job in self._queue.in_order())
        patient = [job for job in self._orders.values() if job.patient and job.active]
        for job in patient[:waiting]:
            self.halt(job, "paused", MADE_ROOM)

    def _send_order(self, host: WorkerHost, job: Job, *, single_step: bool) -> None:
        number = next(self._numbers)
        job.order, job.status = number, "running"
        job.pace.clear()
        self._orders[number], self._host_of[number] = job, host
        if not single_step:
            host.busy = number
            log_event("running", job)
        order = Order(
            number=number,
            spec=job.spec,
            dataset=job.dataset,
            state=job.point.state,
            learning_rate=job.learning_rate,
            single_step=single_step,
            caps=self._caps,
        )
        host.send(order)
