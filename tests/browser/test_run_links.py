"""A training by its link in a real browser: after a reload, in a second tab, to watch, and when it goes wrong."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from makemore.ui.training_panel.status import write_loss
from tests.browser.conftest import Visit, visit
from tests.browser.test_training_panel import LINK, WAIT, begin, button, step, told

PANEL = ".st-key-train_mlp_transport"
WATCHER = ".st-key-train_mlp_watcher"
OWN = re.compile("Train my own from here")


def token(page: Page) -> str:
    """The one in the address."""
    found = re.search(r"[?&]run=([0-9a-f]+)", page.url)
    return found[1] if found else ""


def play(page: Page, word: str) -> Locator:
    """The first button of the panel, as it is called now."""
    return page.locator(PANEL).get_by_role("button", name=word, exact=True)


def start_lecture(page: Page, **numbers: str) -> None:
    """Start the lecture's loop with these numbers."""
    button(page, "Settings")
    page.get_by_role("radio", name="Lecture").or_(
        page.get_by_role("button", name="Lecture")
    ).first.click()
    for name, value in numbers.items():
        box = page.locator(f".st-key-train_mlp_lecture_{name} input")
        box.fill(value)
        box.press("Tab")
        expect(box).to_have_value(value)
    page.keyboard.press("Escape")
    button(page, "Start")


def reload(tab: Visit) -> None:
    tab.page.reload()
    tab.settle()


def test_a_reload_finds_the_run_running_paused_and_finished(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = begin(tab)
        first = token(page)
        assert first
        before = step(page)
        reload(tab)
        told(page, "Running: step")
        expect(play(page, "Pause")).to_be_enabled(timeout=WAIT)
        assert step(page) >= before
        assert token(page) == first

        button(page, "Pause")
        told(page, "Paused: step")
        rested = step(page)
        reload(tab)
        told(page, f"Paused: step {rested:,} of")
        expect(play(page, "Resume")).to_be_enabled(timeout=WAIT)
        button(page, "Step")
        told(page, f"Paused: step {rested + 1:,} of")
        button(page, "Stop")
        told(page, "Stopped")

        start_lecture(page, steps="300")
        told(page, "Finished: step 300 of 300")
        last = token(page)
        assert last != first
        reload(tab)
        told(page, "Finished: step 300 of 300")
        expect(play(page, "Start")).to_be_enabled(timeout=WAIT)
        assert token(page) == last
        tab.check()


def test_a_second_tab_watches_until_the_first_is_closed_and_a_guest_goes_on_alone(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab, visit(browser, server, width=390) as guest:
        page = begin(tab)
        button(page, "Save")
        code = page.get_by_test_id("stCode").filter(has_text="run=")
        link = code.inner_text().strip()
        page.keyboard.press("Escape")
        assert link.startswith(server + LINK)
        assert token(page) not in link

        other = Visit(page.context.new_page(), server)
        for watcher, address in ((other, page.url), (guest, link)):
            watcher.page.goto(address)
            watcher.settle()
            told(watcher.page, "Running: step")
            expect(watcher.page.locator(WATCHER)).to_contain_text(
                "You watch the training of another"
            )
            expect(watcher.page.locator(PANEL).get_by_role("button")).to_have_text(OWN)
            watcher.check()
        before = step(guest.page)
        figure = guest.page.get_by_test_id("stMetric").first
        expect(figure).not_to_contain_text(f"{before:,}", timeout=WAIT)

        guest.page.locator(PANEL).get_by_role("button").click()
        expect(play(guest.page, "Pause")).to_be_enabled(timeout=WAIT)
        assert token(guest.page) not in ("", token(page), link[-16:])
        button(guest.page, "Stop")
        told(guest.page, "Stopped")
        told(page, "Running: step")

        button(page, "Pause")
        told(other.page, "Paused")
        expect(other.page.locator(WATCHER)).to_be_visible()
        page.close()
        expect(play(other.page, "Resume")).to_be_enabled(timeout=WAIT)
        button(other.page, "Stop")
        told(other.page, "Stopped")
        other.check()
        guest.check()


def misfits(page: Page) -> list[str]:
    """The figures that are wider than their boxes."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid=stMetricValue]')]
            .flatMap(box => [box, ...box.querySelectorAll('*')])
            .filter(box => box.scrollWidth > box.clientWidth && getComputedStyle(box).display !== 'inline')
            .map(box => `${box.innerText}: ${box.scrollWidth} in ${box.clientWidth}`)"""
    )
    return found


def write_losses(page: Page, text: str) -> None:
    """Let both losses be this one, which no run can be made to reach at a given moment."""
    for name in ("Mean loss", "Dev loss"):
        metric = page.get_by_test_id("stMetric").filter(has_text=name)
        metric.get_by_test_id("stMetricValue").evaluate(
            """(box, text) => {
                while (box.firstElementChild) box = box.firstElementChild;
                box.textContent = text;
            }""",
            text,
        )
        expect(metric).to_contain_text(text)


def test_a_run_that_goes_wrong_is_told_and_drawn_and_offered_a_rate(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open(LINK)
        start_lecture(page, learning_rate="50", steps="150000")
        told(page, "Running: step")
        warning = page.get_by_test_id("stAlert").filter(has_text="the uniform baseline")
        expect(warning).to_contain_text("the learning rate is too high", timeout=WAIT)
        repair = page.get_by_role("button", name="Start again with learning rate")
        expect(repair).to_be_enabled(timeout=WAIT)
        curve = page.get_by_test_id("stVegaLiteChart").first
        expect(curve).to_contain_text("loss, nats (log scale)")
        for power in ("10", "100", "1,000"):
            expect(curve.get_by_text(power, exact=True).first).to_be_attached()
        tab.check()
        assert misfits(page) == []
        button(page, "Pause")  # what is written into the figures now stays there
        told(page, "Paused")
        for width, height in ((1280, 900), (390, 844)):
            page.set_viewport_size({"width": width, "height": height})
            tab.painted()
            tab.check()
            assert misfits(page) == []
            write_losses(page, write_loss(1e5))
            assert misfits(page) == []

        repair.click()
        expect(warning).to_have_count(0, timeout=WAIT)
        told(page, "Running: step")
        expect(curve).to_contain_text("loss, nats per character", timeout=WAIT)
        button(page, "Stop")
        told(page, "Stopped")
        tab.check()
