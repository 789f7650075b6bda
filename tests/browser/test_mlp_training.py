"""The learning-rate finder in a real browser: sweeps again, and hands the picked rate to the panel."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import visit


def test_a_sweep_is_made_and_the_rate_that_is_picked_goes_along(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/mlp_training?step=2")
        valley = page.get_by_text("Valley: ").first
        before = valley.inner_text()
        page.get_by_role("button", name="Sweep again").click()
        expect(valley).not_to_have_text(before)
        assert "sweep=2" in page.url
        page.get_by_role("slider", name="Your learning rate").focus()
        page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Train with 0.3").click()
        expect(page).to_have_url(re.compile(r"step=3.*rate=0\.3|rate=0\.3.*step=3"))
        expect(page.get_by_text("the lecture's loop at rate 0.3")).to_be_visible()
        page.locator(".st-key-train_mlp_transport").get_by_role("button", name="Start").click()
        expect(page.get_by_test_id("stProgress")).to_contain_text("of 20,000", timeout=20_000)
        expect(
            page.get_by_text("This run: lecture, seed 2147483647, learning rate 0.3.")
        ).to_be_visible()
        tab.check()


def test_the_block_slider_smooths_the_curve(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/mlp_training?step=6")
        jump = page.get_by_test_id("stMetric").first
        expect(jump).to_contain_text("0.0102")
        page.get_by_role("slider", name="Batches averaged to one point").focus()
        page.keyboard.press("Home")
        expect(jump).to_contain_text("0.2")
        expect(page).to_have_url(re.compile("block=1"))
        tab.check()
