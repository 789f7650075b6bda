"""What does holding the messages of a run buy? Prints how soon a change is painted, with and without.

`python -m tests.bench.holding`: two servers side by side, one browser, each control in turn on both; it
ends by itself after about two minutes. It needs a machine with nothing else to do. The server without
holding is one whose Streamlit lacks the seam, so that the patch is left out.
"""

import argparse
import asyncio
import os
import shutil
import statistics
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import Browser, sync_playwright

from tests.bench.load import settled
from tests.browser.conftest import Visit, visit
from tests.browser.repaint import CONTROLS, repaint
from tests.serving import Server, serving

CHOSEN = {
    "show": "heatmap: counts / probabilities",
    "shade": "heatmap: shade",
    "L2": "two curves: L2",
}
SEAM = "flush_browser_queue"
SECONDS = 120.0  # in all; servers and tabs take about a quarter of it to start
FEWEST = 4  # rounds, however long they take
WAYS = ("on", "off")


@dataclass
class Timed:
    """A control in two tabs, and the ms that its repaints have taken, by whether messages are held."""

    control: str
    tabs: dict[str, Visit]
    spent: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def go_round(self, first: int) -> None:
        """Change it and change it back on both servers, beginning with this one of WAYS."""
        for way in (WAYS[first], WAYS[1 - first]):
            tab = self.tabs[way]
            tab.page.bring_to_front()
            self.spent[way] += [repaint(tab, act) for act in CONTROLS[self.control][1]]


def start_server(stack: ExitStack, way: str) -> Server:
    """A server that has done what it does ahead of its visitors. Raises RuntimeError for the wrong one."""
    server = stack.enter_context(serving(renamed=(SEAM,) if way == "off" else ()))
    left_out = [line for line in server.log() if "event=patch_skipped" in line]
    if [SEAM in line for line in left_out] != [True] * (way == "off"):
        raise RuntimeError(f"the server with holding {way} has left out {left_out}")
    asyncio.run(settled(server.process.pid))
    return server


def open_tabs(
    stack: ExitStack, browser: Browser, servers: dict[str, Server], control: str
) -> Timed:
    """The control's page on both servers, with each state of the control seen once."""
    tabs = {}
    for way, server in servers.items():
        tabs[way] = stack.enter_context(visit(browser, server.address))
        tabs[way].open(CONTROLS[control][0])
        for act in CONTROLS[control][1]:
            repaint(tabs[way], act)
    return Timed(control, tabs)


def measure(seconds: float) -> list[Timed]:
    """Each control on both servers in turn, round after round, until so many seconds are over in all."""
    ends, rounds = time.monotonic() + seconds, 0
    with ExitStack() as stack:
        servers = {way: start_server(stack, way) for way in WAYS}
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        stack.callback(browser.close)
        controls = [open_tabs(stack, browser, servers, control) for control in CHOSEN]
        while rounds < FEWEST or time.monotonic() < ends:
            for each in controls:
                each.go_round(rounds % 2)  # which one is first must not matter
            rounds += 1
        for each in controls:
            for tab in each.tabs.values():
                tab.check()
        return controls


def told(spent: Sequence[float]) -> str:
    """The median, and the half of all between."""
    low, half, high = statistics.quantiles(spent, n=4, method="inclusive")
    return f"{half:4.0f} ({low:.0f} to {high:.0f})"


def report(timed: Timed) -> None:
    on, off = (timed.spent[way] for way in WAYS)
    saved = statistics.median(off) - statistics.median(on)
    print(
        f"{CHOSEN[timed.control]:<32} held {told(on):<18} not held {told(off):<18} "
        f"difference {saved:+4.0f}   {len(on)} repaints each"
    )


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m tests.bench.holding", description=__doc__, allow_abbrev=False
    )
    arguments.add_argument("--seconds", type=float, default=SECONDS, help="in all, about 120")
    seconds = arguments.parse_args().seconds
    print(f"ms from a change to its repaint, median (middle half), {os.cpu_count()} cores")
    for timed in measure(seconds):
        report(timed)


if __name__ == "__main__":
    main()
