"""The searches for a learning rate that are under way, and for which job. Trains nothing and locks nothing."""

from makemore.jobs.job import Job
from makemore.jobs.messages import RateFound, SearchRate
from makemore.jobs.workers.hosts import WorkerHost


class Searches:
    """Each is carried out by one host, beside what it trains."""

    def __init__(self) -> None:
        self._under_way: dict[int, tuple[Job, WorkerHost]] = {}

    def start(self, number: int, job: Job, host: WorkerHost) -> None:
        """Let this worker find a rate that works for the job."""
        job.search = number
        self._under_way[number] = job, host
        host.send(SearchRate(number, job.spec, job.dataset, job.learning_rate))

    def end(self, found: RateFound) -> Job | None:
        """Take in an answer; returns the job if it still wants to know."""
        job, _ = self._under_way.pop(found.number, (None, None))
        if job is None or job.search != found.number:
            return None
        job.end_search(found.learning_rate)
        return job

    def lose(self, host: WorkerHost) -> None:
        """Nothing was found by a worker that has ended."""
        for number in [number for number, (_, at) in self._under_way.items() if at is host]:
            self.end(RateFound(number, None))

    def clear(self) -> None:
        """Forget them all."""
        self._under_way.clear()
