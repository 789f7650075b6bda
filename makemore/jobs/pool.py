"""Hands queued jobs to workers, as many at once as there are, and hears what becomes of them."""

from collections.abc import Callable
from itertools import count
from threading import Condition, RLock

from makemore.jobs.crews import Crew, Hire
from makemore.jobs.history import Point
from makemore.jobs.job import Job
from makemore.jobs.log import tell
from makemore.jobs.messages import (
    Caps,
    Close,
    Ended,
    Give,
    Given,
    Halt,
    Order,
    Progress,
    Rate,
    Report,
)
from makemore.jobs.spec import JobError, Status

WAIT = 10.0  # seconds that a control waits for the worker to confirm; most take some milliseconds


class Pool:
    """Every method may be called from any thread. `heard` is told of every report, outside the lock."""

    def __init__(
        self, hire: Hire, size: int, caps: Caps, heard: Callable[[Job | None, Report], None]
    ) -> None:
        self.changed = Condition(RLock())  # guards every job, and wakes whoever waits for one
        self._hire, self._size, self._caps, self._heard = hire, size, caps, heard
        self._crews: list[Crew] = []
        self._queue: list[Job] = []
        self._orders: dict[int, Job] = {}
        self._crew_of: dict[int, Crew] = {}
        self._numbers, self._requests = count(1), count(1)
        self._answers: dict[int, Point | None] = {}
        self.staff()

    def active(self) -> list[Job]:
        """What runs, then what waits."""
        with self.changed:
            return [*self._orders.values(), *self._queue]

    def _ready(self, job: Job) -> None:
        """After a failure the history is ahead of the last state, from which it goes on."""
        if not self._size:
            raise JobError("the server is shutting down; try again in a minute")
        if job.history.step != job.point.history.step:
            job.go_back(job.point)

    def place(self, job: Job) -> int:
        """In the queue, from 1; 0 when not there."""
        return self._queue.index(job) + 1 if job in self._queue else 0

    def enqueue(self, job: Job) -> None:
        """Let a resting job go on from its point as soon as a worker is free."""
        with self.changed:
            self._ready(job)
            job.status, job.message, job.safer = "queued", "", None
            self._queue.append(job)
            tell("queued", job, place=len(self._queue))
            self._dispatch()

    def halt(self, job: Job, status: Status, message: str = "") -> None:
        """Let it rest with that status; what runs gets there after its step."""
        with self.changed:
            if job.order is not None:
                job.ends_as, job.message = status, message
                self._crew_of[job.order].send(Halt(job.order))
                return
            if job in self._queue:
                self._queue.remove(job)
            if job.status != status:
                job.status, job.message = status, message
                tell(status, job)
            self.changed.notify_all()

    def drop(self, job: Job) -> None:
        """Let it rest at once, whatever the worker still makes of it."""
        with self.changed:
            if job in self._queue:
                self._queue.remove(job)
            if job.order is not None:
                self._crew_of[job.order].send(Halt(job.order))
                self._orders.pop(job.order)
                job.order = None

    def step(self, job: Job) -> None:
        """One step of a resting job, now: it is too short to wait in the queue."""
        with self.changed:
            self._ready(job)
            crew = min(self.staff(), key=lambda crew: crew.busy is not None)
            self._send(crew, job, single=True)

    def rate(self, job: Job, rate: float) -> None:
        with self.changed:
            job.rate, job.altered = rate, True
            if job.order is not None:
                self._crew_of[job.order].send(Rate(job.order, rate))
            else:
                job.go_back(job.point.at_rate(rate))

    def settle(self, job: Job) -> None:
        """Wait until no worker is at it."""
        with self.changed:
            self.changed.wait_for(lambda: job.order is None, WAIT)

    def point(self, job: Job) -> Point:
        """Where the job stands now, to go on from there; what runs goes on running."""
        with self.changed:
            number = job.order
            if number is None:
                return job.point
            request = next(self._requests)
            self._answers[request] = None
            self._crew_of[number].send(Give(number, request))
            self.changed.wait_for(
                lambda: self._answers[request] is not None or job.order != number, WAIT
            )
            return self._answers.pop(request) or job.point

    def close(self) -> None:
        """Let everything rest and send the workers home; what was under way is kept."""
        with self.changed:
            self._size = 0
            for job in self.active():
                self.halt(job, "paused")
            self.changed.wait_for(lambda: not self._orders, WAIT)
            crews, self._crews = self._crews, []
            for crew in crews:
                crew.send(Close())
        for crew in crews:
            crew.join(WAIT)

    def hear(self, crew: Crew, report: Report) -> None:
        """What a worker reports; called by its thread."""
        with self.changed:
            job = self._orders.get(report.number)  # None: it was dropped meanwhile
            match report:
                case Ended():
                    self._ended(crew, job, report)
                case Given() if job is not None:
                    self._given(job, report)
                case Progress() if job is not None:
                    job.add(report)
            self.changed.notify_all()
        self._heard(job, report)

    def lost(self, crew: Crew) -> None:
        """A worker has gone without a word: killed, or out of memory."""
        with self.changed:
            if crew not in self._crews:
                return  # it was told to
            self._crews.remove(crew)
            message = "the process that trained this has ended; resume goes on from the last state"
            for number, at in list(self._crew_of.items()):
                if at is crew:
                    ended = Ended(number, "failed", None, message, where="worker lost")
                    self._ended(crew, self._orders.get(number), ended)
            self.changed.notify_all()

    def _given(self, job: Job, given: Given) -> None:
        job.stands_at(given.state)
        if given.request in self._answers:
            self._answers[given.request] = job.point

    def _ended(self, crew: Crew, job: Job | None, ended: Ended) -> None:
        self._orders.pop(ended.number, None)
        self._crew_of.pop(ended.number, None)
        if crew.busy == ended.number:
            crew.busy = None
        if job is not None:
            job.end(ended)
            tell(job.status, job, where=ended.where)
        self._dispatch()

    def _dispatch(self) -> None:
        while self._queue:
            crew = next((crew for crew in self.staff() if crew.busy is None), None)
            if crew is None:
                return
            self._send(crew, self._queue.pop(0), single=False)

    def staff(self) -> list[Crew]:
        """The workers, newly hired ones in the place of lost ones."""
        while len(self._crews) < self._size:
            self._crews.append(self._hire(self.hear, self.lost))
        return self._crews

    def _send(self, crew: Crew, job: Job, *, single: bool) -> None:
        number = next(self._numbers)
        job.order, job.status = number, "running"
        job.pace.clear()
        self._orders[number], self._crew_of[number] = job, crew
        if not single:
            crew.busy = number
            tell("running", job)
        crew.send(
            Order(number, job.spec, job.dataset, job.point.state, job.rate, single, self._caps)
        )
