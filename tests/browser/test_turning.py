"""Steps turn by keys as by buttons, and each begins at its top."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Visit, visit

SMALL = 390  # a phone


def at_step(tab: Visit, number: int) -> None:
    """Wait until this step is open."""
    expect(tab.step).to_have_text(re.compile(f"^{number} "))
    tab.painted()


@pytest.mark.parametrize(("on", "back"), [("PageDown", "PageUp"), ("ArrowRight", "ArrowLeft")])
def test_keys_turn_steps_and_lead_on_to_the_next_page(
    on: str, back: str, browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/?name=zoe")
        page.keyboard.press(back)  # from the first step leads nowhere
        page.keyboard.press(on)
        at_step(tab, 2)
        page.keyboard.press(on)
        at_step(tab, 3)
        page.keyboard.press(back)
        at_step(tab, 2)
        page.keyboard.press(on)
        at_step(tab, 3)
        before = page.evaluate("history.length")
        page.keyboard.press(on)
        tab.arrived("Counting pairs")
        assert page.evaluate("location.pathname + location.search") == "/bigram?name=zoe"
        assert page.evaluate("history.length") == before + 1
        page.go_back()
        tab.arrived("Five models")
        at_step(tab, 3)
        page.keyboard.press(on)  # a second time too
        tab.arrived("Counting pairs")
        tab.check()


def test_on_the_first_step_back_does_nothing(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/")
        for key in ("PageUp", "ArrowLeft"):
            page.keyboard.press(key)
        page.wait_for_timeout(500)
        at_step(tab, 1)
        assert page.evaluate("location.pathname + location.search") == "/"


KEYS = ("ArrowRight", "ArrowLeft", "PageDown", "PageUp")


def slider(tab: Visit) -> Locator:
    return tab.page.get_by_role("slider", name="Temperature")


def seed(tab: Visit) -> Locator:
    return tab.page.get_by_role("spinbutton", name="Seed")


def name(tab: Visit) -> Locator:
    return tab.name


@pytest.mark.parametrize("find", [slider, seed, name])
def test_what_has_the_focus_keeps_its_keys(
    find: Callable[[Visit], Locator], browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/?step=3")
        control = find(tab)
        control.focus()
        for key in KEYS:
            page.keyboard.press(key)
            page.wait_for_timeout(300)
        at_step(tab, 3)
        assert "step=3" in page.url
        control.focus()
        if find is slider:
            before = control.input_value()
            page.keyboard.press("ArrowRight")
            expect(control).not_to_have_value(before)
        tab.check()


def test_arrows_choose_among_buttons_of_a_row_and_turn_no_step(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        page.get_by_role("radio", name="Counts").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("radio", name="Probabilities")).to_be_focused()
        page.wait_for_timeout(500)
        at_step(tab, 1)
        tab.step.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(500)
        at_step(tab, 1)


@pytest.mark.parametrize("width", [1280, SMALL])
def test_each_step_begins_at_its_top(width: int, browser: Browser, server: str) -> None:
    with visit(browser, server, width=width) as tab:
        page = tab.open("/")
        top = "document.querySelector('[data-testid=stMain]').scrollTop"

        def turn(way: str, number: int) -> None:
            button = page.locator(f".st-key-{way} button")
            button.scroll_into_view_if_needed()
            page.mouse.wheel(0, 10_000)
            page.wait_for_timeout(300)
            assert page.evaluate(top) > 0
            button.click()
            at_step(tab, number)
            expect(page.get_by_role("heading", level=2).first).to_be_in_viewport()
            page.wait_for_function(f"{top} === 0")

        page.get_by_role("button", name="Other names").click()  # the body alone runs again
        tab.painted()
        turn("next", 2)
        page.get_by_role("radio", name="All shipped").click()
        tab.painted()
        turn("back", 1)
        turn("next", 2)
        turn("back", 1)
        page.get_by_role("button", name="Other names").click()
        tab.painted()
        turn("next", 2)


def test_a_phone_shows_no_keys(browser: Browser, server: str) -> None:
    with visit(browser, server, width=SMALL) as tab:
        page = tab.open("/?step=2")
        expect(page.locator(".st-key-next button")).to_be_visible()
        for each in page.locator("[aria-label^='Shortcut']").all():
            expect(each).to_be_hidden()
        for each in page.locator("[class*=st-key-arrow_]").all():
            expect(each).to_be_hidden()


@pytest.mark.parametrize("width", [1280, 800, SMALL])
def test_the_row_of_steps_scrolls_and_shows_the_chosen_one(
    width: int, browser: Browser, server: str
) -> None:
    with visit(browser, server, width=width) as tab:
        tab.open("/wavenet?step=7")
        expect(tab.step).to_have_text(re.compile("^7 "))
        expect(tab.step).to_be_in_viewport(ratio=1)
        rows = {
            each.evaluate("chip => Math.round(chip.getBoundingClientRect().top)")
            for each in tab.page.locator(".st-key-rail [role=radio]").all()
        }
        assert len(rows) == 1
        assert tab.overflow() <= 0
