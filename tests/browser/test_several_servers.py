"""Two servers behind a real nginx: a visitor stays with one, sees the trainings of both, and survives a kill."""

import asyncio
import http.client
import os
import re
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bench.classroom import TRAINING_PAGE, trainee
from tests.bench.visitor import Visitor
from tests.browser.conftest import visit
from tests.browser.finding import Machine, must_have_one
from tests.browser.finding_nginx import MISSING, find_nginx
from tests.browser.test_run_links import play, token
from tests.browser.test_training_panel import WAIT, begin, button, step, told
from tests.fronting import Front, fronting
from tests.loops import run_apart

ESTABLISHED = "01"
MB = 1_000_000


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    """Both servers, for all tests of this file; the last one kills one of them."""
    nginx = find_nginx(Machine())
    if nginx is None:
        (pytest.fail if must_have_one(os.environ) else pytest.skip)(MISSING)
    with fronting(nginx, 2, workers=0) as started:
        yield started


def connections(front: Front) -> list[int]:
    """How many each server has, says the system."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = [int(line[1].split(":")[1], 16) for line in lines if line[3] == ESTABLISHED]
    return [ports.count(server.port) for server in front.servers]


def number(cookie: str) -> int:
    """That of the server in a cookie."""
    found = re.fullmatch(r"makemore_server=(\d+)", cookie)
    assert found, cookie
    return int(found[1])


def log(front: Front, which: int) -> str:
    return "\n".join(front.servers[which - 1].log())


def test_visitors_go_to_both_and_a_reload_stays_with_its_server(front: Front) -> None:
    async def come() -> None:
        before = connections(front)
        async with AsyncExitStack() as stack:

            async def opened(cookie: str = "") -> Visitor:
                visitor = Visitor(front.port, cookie=cookie)
                stack.push_async_callback(visitor.close)
                await visitor.open()
                assert visitor.charts
                return visitor

            first = [await opened() for _ in range(4)]
            assert sorted(number(each.cookie) for each in first) == [1, 1, 2, 2]
            there = connections(front)
            assert [now - then for now, then in zip(there, before, strict=True)] == [2, 2]
            for _ in range(3):
                assert (await opened("makemore_server=2")).cookie == "makemore_server=2"
            assert connections(front) == [there[0], there[1] + 3]
            odd = await opened("makemore_server=../3")
            assert number(odd.cookie) in (1, 2), "who comes with another one is given one"

    run_apart(come())


@pytest.mark.parametrize(("size", "status"), [(5 * MB, 403), (7 * MB, 413)])
def test_as_much_can_be_uploaded_as_the_app_takes(front: Front, size: int, status: int) -> None:
    """Without its token the app refuses what nginx lets through."""
    asked = http.client.HTTPConnection("127.0.0.1", front.port, timeout=10)
    try:
        asked.request("PUT", "/_stcore/upload_file/x/y", body=bytes(size))
        assert asked.getresponse().status == status
    finally:
        asked.close()


def test_scripts_are_packed_and_kept(front: Front) -> None:
    asked = http.client.HTTPConnection("127.0.0.1", front.port, timeout=10)
    asked.request("GET", "/")
    (script, *_) = re.findall(r"static/js/index[^\"]+", asked.getresponse().read().decode())
    answers = []
    for _ in range(2):
        asked.request("GET", f"/{script}", headers={"Accept-Encoding": "gzip"})
        answer = asked.getresponse()
        answers.append(answer.read())
        assert answer.status == 200
        assert answer.getheader("Content-Encoding") == "gzip"
        assert answer.getheader("X-Content-Type-Options") == "nosniff", "headers of the app stay"
    asked.close()
    assert answers[0] == answers[1]


def test_a_training_is_seen_from_the_other_server_and_trained_by_one(front: Front) -> None:
    async def look() -> None:
        async with AsyncExitStack() as stack:
            mine = await trainee(front.port, seed=5)
            stack.push_async_callback(mine.close)
            here = number(mine.cookie)
            there = 3 - here
            await mine.press(mine.key("_play"))  # a pause, at which it is kept
            assert mine.texts["progress"].startswith("**Paused:**")
            await mine.press(mine.key("_play"))
            (job,) = set(re.findall(r"event=queued job=(\w+)", log(front, here)))
            look = Visitor(
                front.port, TRAINING_PAGE, mine.address, cookie=f"makemore_server={there}"
            )
            stack.push_async_callback(look.close)
            await look.open()
            assert number(look.cookie) == there
            assert [key for key in look.widgets if key.endswith(("_play", "_stop"))] == []
            assert re.match(r"\*\*(Paused|Running):\*\* step [\d,]+ of", look.texts["progress"])
            await look.press(look.key("_own"))
            await mine.run()
            assert mine.texts["progress"].startswith("**Running:**")
            assert look.texts["progress"].startswith("**Running:**")
            assert f"of={job}" in log(front, there)
            assert f"event=running job={job}" not in log(front, there)
            assert look.address != mine.address
            for each in (mine, look):
                await each.press(each.key("_stop"))

    run_apart(look())


def chosen(page: Page) -> int:
    """The number of the server that the browser is with."""
    (found,) = [
        each["value"] for each in page.context.cookies() if each["name"] == "makemore_server"
    ]
    return int(found)


def test_learners_of_a_killed_server_find_their_training_on_the_other(
    browser: Browser, front: Front
) -> None:
    with visit(browser, front.address, fresh=True) as tab:
        page = begin(tab)
        button(page, "Pause")  # it is kept now, and every ten seconds
        told(page, "Paused: step")
        run, kept, first = token(page), step(page), chosen(page)
        button(page, "Resume")
        told(page, "Running: step")
        front.servers[first - 1].process.kill()
        told(page, "Paused: step")  # the page connects again by itself
        assert step(page) >= kept
        assert (chosen(page), token(page)) == (3 - first, run)
        expect(play(page, "Resume")).to_be_enabled(timeout=WAIT)
        button(page, "Resume")
        told(page, "Running: step")
        button(page, "Stop")
        told(page, "Stopped")
        assert page.get_by_test_id("stException").count() == 0

    async def come(cookie: str) -> int:
        visitor = Visitor(front.port, cookie=cookie)
        try:
            await visitor.open()
            return number(visitor.cookie)
        finally:
            await visitor.close()

    for cookie in ("", "", f"makemore_server={first}"):
        assert run_apart(asyncio.wait_for(come(cookie), 30)) == 3 - first
