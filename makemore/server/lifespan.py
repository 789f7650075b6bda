"""Starts the server warm, keeps its jobs, logs what fails, answers `/api/ready`. Knows no page.

Streamlit collects garbage after every run, and with torch loaded each collection walks a million
objects. Everything is therefore imported once before the first visit and then frozen.
"""

import asyncio
import contextlib
import gc
import importlib
import sys
from collections.abc import AsyncIterator

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from makemore.server import error_log, streamlit_patches

_HEAVY = (
    "altair",
    "pandas",
    "torch",
    "makemore.charts.letters.count_heatmap",
    "makemore.ui.sources.loaded",
)

_SWEEP = 10.0  # seconds
# How long a training in a thread may keep Python to itself, in seconds, while a page waits for it.
# Python's own 0.005 had others wait 0.38 s for a page (p95) while 200 trainings were started, this 0.28.
SWITCH = 0.001


@contextlib.asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Runs before the first visit and after the last."""
    error_log.set_up_log()
    sys.setswitchinterval(SWITCH)
    streamlit_patches.apply_patches()
    warm_up()
    from makemore import jobs
    from makemore.lessons.name_lab import prepared
    from makemore.lessons.wavenet import name_tree

    running = jobs.shared()
    error_log.log.info("event=ready")
    sweeper = asyncio.create_task(_sweep())
    preparing = asyncio.create_task(asyncio.to_thread(name_tree.prepare_trees))
    ranking = asyncio.create_task(asyncio.to_thread(prepared.prepare_lab))
    try:
        yield
    finally:
        sweeper.cancel()
        preparing.cancel()
        ranking.cancel()
        await asyncio.to_thread(running.close)  # what runs is saved, so that it can go on
        error_log.log.info("event=closed")


async def _sweep() -> None:
    """Collect garbage now and then: after every run of every page, as usual, it is the larger part."""
    while True:
        await asyncio.sleep(_SWEEP)
        await asyncio.to_thread(gc.collect)


async def _ready(request: Request) -> JSONResponse:
    """Answers only once the server has warmed up; for load balancers and tests."""
    return JSONResponse({"ready": True})


ROUTES = [Route("/api/ready", _ready)]


def warm_up() -> None:
    """Import what pages need, build one optimizer (it imports torch._dynamo), and freeze it all."""
    for module in _HEAVY:
        importlib.import_module(module)
    import torch

    torch.set_num_threads(1)  # the models are small; more threads only get in each other's way
    torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    _load_everything()
    gc.collect()
    gc.freeze()


def _load_everything() -> None:
    """So that the first visitor waits for nothing. What cannot be had is logged, and the pages explain."""
    from makemore.checkpoints import store
    from makemore.ui.sources import loaded

    with contextlib.suppress(ValueError):
        loaded.name_list()
    for name in store.shipped():
        try:
            loaded.checkpoint(name)
        except Exception as error:  # whatever it is, the other checkpoints can be shown
            kind, said = type(error).__name__, " ".join(str(error).split())
            error_log.log.error(
                "event=checkpoint_refused name=%s kind=%s said=%s", name, kind, said
            )
