"""The counting pages in a real browser: cells, rows, the walk, play and pause, links, own lists, speed."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, visit

REPAINT_MS = 150  # on a machine with nothing else to do

Act = Callable[[Page], None]


def answer(tab: Visit) -> None:
    """Commit to the first answer of the question that the step begins with."""
    tab.page.locator("[data-testid=stRadio] label").nth(1).click()
    button = tab.page.get_by_role("button", name="Commit")
    expect(button).to_be_enabled()
    button.click()
    expect(tab.page.get_by_text("You said")).to_be_visible()
    tab.settle()


def test_a_cell_opens_its_arithmetic(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        page.locator("svg.marks text", has_text="qu").first.click(force=True)
        expect(page.get_by_text("u follows q 206 times")).to_be_visible()
        expect(page.get_by_text("206 / 272 = 75.7353%")).to_be_visible()
        expect(page.get_by_text("quinn")).to_be_visible()
        # The switch keeps the cell, and its arithmetic follows.
        page.get_by_role("radio", name="Smoothed").click()
        expect(page.get_by_text("(206 + 1) / (272 + 27 × 1)")).to_be_visible()
        tab.settle()
        tab.check()


def test_a_row_of_the_weights_becomes_the_letter(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram_nn?name=emma")
        # Row 17 of 27, past the middle: whichever row lies there, it is not the e.
        cells = page.locator("[data-testid=stVegaLiteChart]").nth(1).locator("svg.marks path")
        cells.nth(17 * 27 + 20).click(force=True)
        expect(page.get_by_text("all rows but e are")).to_have_count(0)
        tab.settle()
        tab.check()


def test_the_walk_steps_and_plays_and_pauses(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram?step=5&seed=14")
        answer(tab)
        page.get_by_role("button", name="Draw", exact=True).click()
        expect(page.get_by_text("Draw 1 of 6")).to_be_visible()
        page.get_by_role("button", name="Back one").click()
        expect(page.get_by_text("Draw 0 of 6")).to_be_visible()
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_text("Draw 2 of 6")).to_be_visible(timeout=10_000)
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Play")).to_be_visible()
        stands = page.get_by_text("of 6", exact=False).last.inner_text()
        page.wait_for_timeout(2500)  # longer than the slowest pace
        assert page.get_by_text("of 6", exact=False).last.inner_text() == stands
        page.get_by_role("button", name="Play").click()
        expect(page.get_by_text("Draw 6 of 6")).to_be_visible(timeout=15_000)
        expect(page.get_by_text(".kenah.")).to_be_visible()
        expect(page.get_by_role("button", name="Play")).to_be_disabled()
        tab.settle()
        tab.check()


def test_the_seed_is_in_the_link(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram?step=6&seed=7")
        box = page.get_by_role("spinbutton", name="Seed")
        expect(box).to_have_value("7")
        page.get_by_role("button", name="Next seed").click()
        expect(box).to_have_value("8")
        page.wait_for_url("**seed=8**")
        page.get_by_test_id("stSidebarNavItems").get_by_text("The same as a net").click()
        expect(page.get_by_role("heading", name="The same as a net")).to_be_visible()
        tab.settle()
        tab.check()


def test_descent_plays_and_pauses(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram_nn?step=3")
        expect(page.get_by_text("3.7590")).to_be_visible()
        page.get_by_role("button", name="Train", exact=True).click()
        expect(page.get_by_text(re.compile(r"^Step [1-9]\d* of 200$"))).to_be_visible(
            timeout=10_000
        )
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Go on")).to_be_visible()
        page.get_by_role("button", name="To step 200").click()
        expect(page.get_by_text("2.4623")).to_be_visible()
        tab.settle()
        tab.check()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_own_list_of_200_letters_is_drawn(browser: Browser, server: str, width: int) -> None:
    letters = [chr(0x4E00 + i) for i in range(200)]
    names = "\n".join("".join(letters[i : i + 20]) for i in range(0, 200, 10))
    with visit(browser, server, width=width) as tab:
        page = tab.open("/bigram")
        page.get_by_role("button", name="Use your own list").click()
        page.get_by_role("textbox", name="Paste names").fill(names)
        page.get_by_role("button", name="Use these names").click()
        expect(page.get_by_text("20 own names")).to_be_visible()
        page.keyboard.press("Escape")
        tab.settle()
        assert page.locator("svg.marks image").count() == 1
        assert tab.overflow() <= 0
        tab.check()


def pressing(role: Literal["radio", "button"], *names: str) -> tuple[Act, ...]:
    return tuple(
        lambda page, name=name: page.get_by_role(role, name=name).click() for name in names
    )


def sliding(place: int) -> tuple[Act, ...]:
    keys = ("ArrowLeft", "ArrowRight")
    return tuple(lambda page, k=k: page.get_by_role("slider").nth(place).press(k) for k in keys)


# A link, and what to do there in turn: each change is undone by the next one, or goes on.
CONTROLS: dict[str, tuple[str, tuple[Act, ...]]] = {
    "show": ("/bigram", pressing("radio", "Probabilities", "Counts")),
    "shade": ("/bigram", pressing("radio", "Linear", "Logarithmic")),
    "k beside L2": ("/bigram_nn?step=6", sliding(0)),
    "L2": ("/bigram_nn?step=6", sliding(1)),
    "one step": ("/bigram_nn?step=3", pressing("button", "One step")),
    "moment": ("/bigram_nn?step=4", sliding(0)),
    "seed": ("/bigram?step=6", pressing("button", "Next seed")),
}


@pytest.fixture(scope="module")
def warm(browser: Browser, server: str) -> str:
    """The server after its first visitor, who also waits until it has prepared all that it does."""
    with visit(browser, server) as tab:
        tab.open("/bigram")
        for act in CONTROLS["show"][1]:
            repaint(tab, act)
        tab.page.wait_for_timeout(2_000)
    return server


@pytest.mark.parametrize("control", CONTROLS)
def test_a_change_repaints(browser: Browser, warm: str, control: str) -> None:
    link, acts = CONTROLS[control]
    with visit(browser, warm) as tab:
        tab.open(link)
        spent = [repaint(tab, acts[0])]
        charts = tab.page.locator("svg.marks").element_handles()
        spent += [repaint(tab, acts[i % len(acts)]) for i in range(1, 6)]
        # To build a chart anew takes several times as long as to give it new data.
        assert all(chart.evaluate("svg => svg.isConnected") for chart in charts)
        tab.check()
    told = ", ".join(f"{ms:.0f}" for ms in spent)
    print(f"{control}: repainted after {told} ms, aim {REPAINT_MS} ms")


def repaint(tab: Visit, act: Callable[[Page], None]) -> float:
    """Milliseconds from the act to the last change of any chart or figure."""
    tab.page.evaluate(
        """() => {
            window.began = 0; window.last = 0;
            if (window.watched) return;
            window.watched = true;
            for (const kind of ['pointerup', 'keydown'])
                addEventListener(kind, () => { window.began ||= performance.now() }, true);
            const main = document.querySelector('[data-testid="stMain"]');
            new MutationObserver(all => {
                const real = all.some(m => m.target.closest?.('svg.marks') || m.target.parentElement
                    ?.closest('svg.marks, [data-testid="stMetric"], [data-testid="stMarkdown"]'));
                if (window.began && real) window.last = performance.now();
            }).observe(main, {subtree: true, childList: true, attributes: true,
                characterData: true});
        }"""
    )
    act(tab.page)
    quiet = "() => window.last && performance.now() - window.last > 400"
    tab.page.wait_for_function(quiet, polling=100)
    return float(tab.page.evaluate("() => window.last - window.began"))
