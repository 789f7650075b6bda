"""The training panel in a real browser: it runs, and the chart stays the same while it does."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, visit

LINK = "/mlp_training?step=3"
STEPS = 150_000  # outlasts the test
WAIT = 20_000
CURVE = "svg.marks"  # the first one of the page


def button(page: Page, name: str) -> None:
    """Press a button of the panel."""
    page.locator(".st-key-train_mlp_transport").get_by_role("button", name=name).click()


def told(page: Page, text: str) -> None:
    """Wait until the line over the bar says so."""
    expect(page.get_by_test_id("stProgress")).to_contain_text(text, timeout=WAIT)


def step(page: Page) -> int:
    """The step that the figures are about."""
    metric = page.get_by_test_id("stMetric").filter(has_text="Step").first
    found = re.search(r"([\d,]+)$", metric.inner_text().strip())
    assert found, metric.inner_text()
    return int(found[1].replace(",", ""))


def begin(tab: Visit) -> Page:
    """A long lecture run that has made its first steps."""
    page = tab.open(LINK)
    button(page, "Settings")
    page.get_by_role("radio", name="Lecture").or_(
        page.get_by_role("button", name="Lecture")
    ).first.click()
    number = page.locator(".st-key-train_mlp_lecture_steps input")
    expect(number).to_have_value("200000")
    number.fill(str(STEPS))
    number.press("Tab")
    page.keyboard.press("Escape")
    button(page, "Start")
    told(page, "Running: step")
    told(page, f"of {STEPS:,}")
    return page


def mark(page: Page) -> None:
    """Remember the drawing of the curve."""
    page.locator(CURVE).first.wait_for()
    page.evaluate(f"window.curve = document.querySelector({CURVE!r})")


def same_drawing(page: Page) -> bool:
    return bool(page.evaluate(f"window.curve === document.querySelector({CURVE!r})"))


def length(page: Page) -> int:
    """How much of the curve is drawn: letters in the path of the longest line."""
    return int(
        page.evaluate(
            f"Math.max(...[...document.querySelector({CURVE!r}).querySelectorAll('path')]"
            ".map(path => (path.getAttribute('d') || '').length))"
        )
    )


def wait_until(there: Callable[[], bool], page: Page) -> None:
    """Look again and again: on a busy machine a training takes its time."""
    for _ in range(60):
        if there():
            return
        page.wait_for_timeout(500)
    pytest.fail("nothing came of it in half a minute")


def test_run_from_start_to_reset(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = begin(tab)
        page.wait_for_timeout(1500)
        mark(page)
        first, short = step(page), length(page)
        wait_until(lambda: step(page) > first and length(page) > short, page)
        assert same_drawing(page)

        button(page, "Pause")
        told(page, "Paused")
        rested = step(page)
        button(page, "Step")
        expect(page.get_by_test_id("stMetric").first).to_contain_text(f"{rested + 1:,}")

        page.get_by_role("slider", name="Moment of the training").focus()
        for _ in range(25):
            page.keyboard.press("ArrowLeft")
        expect(page.get_by_test_id("stMetric").first).not_to_contain_text(f"{rested + 1:,}")
        assert step(page) < rested
        page.keyboard.press("End")
        expect(page.get_by_test_id("stMetric").first).to_contain_text(f"{rested + 1:,}")

        button(page, "Resume")
        told(page, "Running")
        button(page, "Stop")
        told(page, "Stopped")
        assert same_drawing(page)
        button(page, "Reset")
        told(page, "Paused: step 0")
        tab.check()


def test_buttons_do_not_move(browser: Browser, server: str) -> None:
    with visit(browser, server, width=390) as tab:
        page = begin(tab)
        row = page.locator(".st-key-train_mlp_transport")
        running = row.bounding_box()
        button(page, "Pause")
        told(page, "Paused")
        assert row.bounding_box() == running
        button(page, "Stop")
        told(page, "Stopped")
        assert row.bounding_box() == running
        tab.check()


def test_a_second_tab_has_its_own_run(browser: Browser, server: str) -> None:
    with visit(browser, server) as one, visit(browser, server) as two:
        first = begin(one)
        second = two.open(LINK)
        told(second, "Not started")
        begin(two)
        button(second, "Stop")
        told(second, "Stopped")
        told(first, "Running")
        button(first, "Stop")
        told(first, "Stopped")
        one.check()
        two.check()
