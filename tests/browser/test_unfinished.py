"""What a browser began and left is listed on the first page, by that browser alone."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import visit
from tests.browser.test_run_links import play, token
from tests.browser.test_training_panel import WAIT, begin, button, told

LIST = ".unfinished-runs"
LEFT = re.compile("Left unfinished")


def test_home_lists_what_was_left_and_leads_back_to_its_controls(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = begin(tab)
        run = token(page)
        told(page, "Running: step")
        button(page, "Pause")
        told(page, "Paused: step")
        heading = page.locator("h1").first.inner_text().strip()
        page.wait_for_timeout(1500)  # the browser notes it every second
        page.goto(server)
        listed = page.locator(LIST)
        expect(listed).to_contain_text("Paused: step", timeout=WAIT)
        expect(listed.get_by_role("link")).to_have_count(1)
        expect(listed.get_by_role("link")).to_contain_text(heading)
        listed.get_by_role("link").click()
        expect(play(page, "Resume")).to_be_enabled(timeout=WAIT)
        assert token(page) == run
        button(page, "Stop")
        told(page, "Stopped")
        page.wait_for_timeout(1500)
        page.goto(server)
        expect(page.get_by_text("Names in, names out").first).to_be_visible(timeout=WAIT)
        page.wait_for_timeout(1500)
        expect(listed).not_to_contain_text(LEFT)


def test_without_storage_the_page_is_as_ever(browser: Browser, server: str) -> None:
    with visit(browser, server, fresh=True) as tab:
        tab.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('none'); }})"
        )
        page = begin(tab)
        told(page, "Running: step")
        page.goto(server)
        expect(page.get_by_text("Names in, names out").first).to_be_visible(timeout=WAIT)
        page.wait_for_timeout(1500)
        expect(page.locator(LIST)).not_to_contain_text(LEFT)
