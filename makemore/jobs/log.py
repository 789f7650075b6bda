"""Writes one line in the log for each event of a job. Knows no session and no learner's name."""

import logging

from makemore.jobs.job import Job

logger = logging.getLogger("makemore.jobs")


def log_event(event: str, job: Job, **details: object) -> None:
    """Write one line. An error is given by its kind and place: its message may quote a name."""
    values = {"job": job.id, "model": job.spec.model, "recipe": job.spec.recipe.name}
    values |= {"seed": str(job.spec.seed), "step": str(job.history.step), "of": str(job.steps)}
    values |= {key: str(value) for key, value in details.items() if value != ""}
    line = " ".join(f"{key}={value}" for key, value in values.items())
    level = logging.ERROR if event == "failed" else logging.INFO
    logger.log(level, "event=%s %s", event, line)
