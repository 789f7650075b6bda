"""One line in the log for each thing that happens to a job. Knows no session and no name of a learner."""

import logging

from makemore.jobs.job import Job

log = logging.getLogger("makemore.jobs")


def tell(event: str, job: Job, **more: object) -> None:
    """One line in the log. An error is told by its kind and place: its message may quote a name."""
    said = {"job": job.id, "model": job.spec.model, "recipe": job.spec.recipe.name}
    said |= {"seed": str(job.spec.seed), "step": str(job.history.step), "of": str(job.steps)}
    said |= {key: str(value) for key, value in more.items() if value != ""}
    line = " ".join(f"{key}={value}" for key, value in said.items())
    log.log(logging.ERROR if event == "failed" else logging.INFO, "event=%s %s", event, line)
