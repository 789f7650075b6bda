"""A sweep of one's own in a real browser: started, watched while it goes on by itself, stopped."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import visit


def test_trials_come_by_themselves_until_it_is_stopped(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/experiments?step=7&space=sizes&seeds=1")
        steps = page.get_by_label("Steps", exact=True)
        steps.fill("100")
        steps.press("Enter")
        tab.settle()
        page.get_by_role("button", name="Start 9 × 1 trainings").click()
        expect(page.get_by_text(re.compile("[2-8] of 9 trainings"))).to_be_visible(timeout=60_000)
        expect(page.get_by_text("Your trials")).to_be_visible()
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text(re.compile("Stopped: [2-9] of 9 trainings"))).to_be_visible()
        expect(page.get_by_role("button", name="Start 9 × 1 trainings")).to_be_enabled()
        tab.settle()
        tab.check()
