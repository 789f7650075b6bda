"""The counting pages in a real browser: cells, rows, the walk, play and pause, links, own lists, speed."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Visit, visit
from tests.browser.repaint import CONTROLS, repaint

REPAINT_MS = 150  # on a machine with nothing else to do


def answer(tab: Visit) -> None:
    """Commit to the first answer of the question that the step begins with."""
    tab.page.locator("[data-testid=stRadio] label").nth(1).click()
    button = tab.page.get_by_role("button", name="Commit")
    expect(button).to_be_enabled()
    button.click()
    expect(tab.page.get_by_text(re.compile("You said|is right"))).to_be_visible()
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


def bars(page: Page) -> list[tuple[str, float]]:
    """What follows a letter, as it is drawn: the letters below the bars, and their heights, from the left."""
    drawn: list[tuple[str, float]] = page.locator(
        ".st-key-stage_controls [data-testid=stVegaLiteChart]"
    ).last.evaluate(
        """chart => {
            const boxes = [...chart.querySelectorAll('.mark-rect path')].map(bar => bar.getBBox());
            const labels = [...chart.querySelectorAll('.role-axis-label text')]
                .filter(text => !text.textContent.includes('%'));
            const left = part => part.getBoundingClientRect().left;
            labels.sort((one, other) => left(one) - left(other));
            boxes.sort((one, other) => one.x - other.x);
            return labels.map((text, i) => [text.textContent, boxes[i].height]);
        }"""
    )
    return drawn


def most_frequent_after(letter: str) -> list[str]:
    """The four letters that follow it most often, counted in the list anew."""
    names = (ROOT / "data" / "names.txt").read_text().split()
    pairs = Counter(pair for name in names for pair in zip(name, name[1:] + ".", strict=True))
    return [second for (first, second), _ in pairs.most_common() if first == letter][:4]


def test_sorted_bars_are_sorted_for_the_next_letter_too(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        assert "".join(letter for letter, _ in bars(page)) == ".abcdefghijklmnopqrstuvwxyz"
        page.get_by_text("Sort by probability").click()
        for pair in ("qu", "an", "by"):
            page.locator("svg.marks text", has_text=pair).first.click(force=True)
            expect(page.get_by_text(f"What follows {pair[0]}")).to_be_visible()
            tab.painted()
            heights = [height for _, height in bars(page)]
            assert heights == sorted(heights, reverse=True)
            assert [letter for letter, _ in bars(page)][:4] == most_frequent_after(pair[0])
        page.get_by_text("Sort by probability").click()
        tab.settle()
        assert "".join(letter for letter, _ in bars(page)) == ".abcdefghijklmnopqrstuvwxyz"
        tab.check()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_matrix_fits_the_full_screen(
    browser: Browser, server: str, size: tuple[int, int]
) -> None:
    with visit(browser, server) as tab:
        tab.page.set_viewport_size({"width": size[0], "height": size[1]})
        page = tab.open("/bigram")
        matrix = page.locator(".st-key-matrix")
        matrix.hover()
        matrix.get_by_role("button", name=re.compile("^Fullscreen")).click()
        page.wait_for_timeout(500)
        last = matrix.locator("svg.marks text", has_text=re.compile("^zz$")).bounding_box()
        assert last
        assert last["y"] + last["height"] < size[1]
        assert last["x"] + last["width"] < size[0]
        # Nothing of the page lies over it: neither the navigation nor the controls.
        for x, y in ((60, 30), (60, size[1] // 2), (300, 400), (size[0] - 60, size[1] - 60)):
            covered = "([x, y]) => !document.elementFromPoint(x, y).closest('.st-key-matrix')"
            assert not page.evaluate(covered, [x, y])
        tab.check()


def test_the_text_of_the_cells_grows_with_the_screen(browser: Browser, server: str) -> None:
    sizes = {}
    for width, height in ((390, 844), (1280, 720), (1920, 1080)):
        with visit(browser, server, width=width) as tab:
            tab.page.set_viewport_size({"width": width, "height": height})
            page = tab.open("/bigram")
            for text in ("qu", "206"):
                mark = page.locator(
                    ".st-key-matrix svg.marks text", has_text=re.compile(f"^{text}$")
                )
                size = mark.first.evaluate("text => parseFloat(getComputedStyle(text).fontSize)")
                sizes[text, width] = float(size)
    assert (
        sizes["qu", 390] == sizes["206", 390] == 0
    )  # no room for both; the chosen cell is told below
    assert 8 < sizes["206", 1280] < sizes["qu", 1280] < sizes["qu", 1920] <= 13
    assert sizes["206", 1280] < sizes["206", 1920] <= 12


def test_a_phone_tells_the_chosen_cell_beside_the_matrix(browser: Browser, server: str) -> None:
    with visit(browser, server, width=390) as tab:
        page = tab.open("/bigram")
        matrix = page.locator(".st-key-matrix svg.marks")
        # Row q and column u of 27: the 17th and the 21st after the dot.
        matrix.locator(".mark-rect path").nth(17 * 27 + 21).click(force=True)
        pair = page.get_by_text("206 / 272 = 75.7353%")
        expect(pair).to_be_visible()
        tab.settle()
        above, below = matrix.bounding_box(), pair.bounding_box()
        assert above
        assert below
        assert below["y"] + below["height"] - above["y"] < 844  # both fit the screen at once
        tab.check()


def test_a_row_of_the_weights_becomes_the_letter(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram_nn?name=emma")
        # Row 17 of 27, past the middle: whichever row lies there, it is not the e.
        expect(page.get_by_text("it leaves the row e")).to_be_visible()
        cells = page.locator("[data-testid=stVegaLiteChart]").first.locator("svg.marks path")
        cells.nth(17 * 27 + 20).click(force=True)
        expect(page.get_by_text("it leaves the row")).to_be_visible()
        expect(page.get_by_text("it leaves the row e")).to_have_count(0)
        tab.settle()
        tab.check()


def test_the_walk_steps_and_plays_and_pauses(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram?step=5&seed=14")
        answer(tab)
        page.get_by_role("button", name="Draw", exact=True).click()
        expect(page.get_by_text("Draw 1 of 6")).to_be_visible()
        # One press changes both columns: the words on the left, the pointer over the matrix.
        told = page.get_by_text("the random number").inner_text()
        point = re.search(r"random number (0\.\d{4})", told)
        assert point
        expect(
            page.locator(".st-key-stage_picture svg.marks text", has_text=point[1])
        ).to_be_visible()
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
        tab.turn_to("The same as a net")
        assert "seed=8" in page.url
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
        page.get_by_role("button", name="Own list").click()
        page.get_by_role("textbox", name="Paste names").fill(names)
        page.get_by_role("button", name="Read these names").click()
        page.get_by_role("button", name="Use this list").click()
        expect(page.get_by_role("button", name="20 names")).to_be_visible()
        tab.settle()
        assert page.locator("svg.marks image").count() == 1
        assert tab.overflow() <= 0
        tab.check()


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
