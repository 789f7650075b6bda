"""Who is there to see a job, and which jobs rest because nobody is. Trains nothing and knows no page."""

from collections.abc import Callable

from makemore.jobs.job import Job
from makemore.jobs.log import log_event
from makemore.jobs.pool import Pool

Connected = Callable[[str], bool]  # whether the session of this name is there

GONE_SECONDS = 15.0  # that a job waits for those who watch it to come back: a reload takes less
LEFT = "paused, as nobody was there any more and others waited"


class Attendance:
    """`connected` may be set by whoever knows; before that, everybody is taken to be there."""

    def __init__(self, unseen_seconds: float, clock: Callable[[], float]) -> None:
        self.connected: Connected = lambda session: True
        self._unseen_seconds, self._clock = unseen_seconds, clock

    def is_present(self, job: Job) -> bool:
        """Whether anybody who watches the job is connected."""
        return bool(job.onlookers) or any(map(self.connected, job.visitors))

    def mark(self, job: Job) -> None:
        """Note that somebody looks at the job, or has just set it going."""
        job.seen_at = self._clock()

    def begin(self, job: Job) -> None:
        """Count from now how long nobody is there."""
        job.seen_at = job.present_at = self._clock()

    def pause_left(self, pool: Pool) -> None:
        """Pause the jobs that nobody has watched for long, or whose watchers have left."""
        now = self._clock()
        for job in pool.active_jobs():
            if self.is_present(job):
                job.present_at = now
            if now - job.seen_at > self._unseen_seconds:
                minutes = f"{self._unseen_seconds / 60:g} minutes"
                message, event = f"paused, as nobody watched for {minutes}", "unseen"
            elif now - job.present_at > GONE_SECONDS and (job.order is None or pool.awaited):
                message, event = LEFT, "left"
            else:
                continue
            self.begin(job)
            pool.halt(job, "paused", message)
            log_event(event, job)
