"""What a link says follows the visitor everywhere, and what is no good in it leaves it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, visit

PAGES = ("Fusion tree", "Five models", "Counting pairs")


def address(page: Page) -> str:
    """The link without the server."""
    return str(page.evaluate("location.pathname + location.search"))


def entries(page: Page) -> int:
    """How many addresses this tab has been at."""
    return int(page.evaluate("history.length"))


@pytest.mark.parametrize("typed", [False, True], ids=["by link", "by typing"])
def test_a_name_follows_from_page_to_page(typed: bool, browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        tab.open("/bigram" if typed else "/bigram?name=zoe")
        if typed:
            tab.type_name("zoe")
        for title in (*PAGES, *PAGES):
            tab.turn_to(title)
            expect(tab.name).to_have_value("zoe")
            assert address(tab.page).endswith("?name=zoe")
        tab.check()


def test_a_page_of_the_navigation_is_one_step_of_the_browser(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/wavenet?name=zoe&step=1")
        before = entries(page)
        tab.turn_to("Counting pairs")
        tab.turn_to("Five models")
        assert entries(page) == before + 2
        for back, seen in (
            (page.go_back, "/bigram?name=zoe"),
            (page.go_back, "/wavenet?name=zoe&step=1"),
            (page.go_forward, "/bigram?name=zoe"),
            (page.go_forward, "/?name=zoe"),
        ):
            back()
            tab.settle()
            assert address(page) == seen
            expect(tab.name).to_have_value("zoe")
        tab.check()


def test_back_and_forward_follow_steps_and_names(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/?name=zoe")
        page.locator(".st-key-next button").click()
        page.wait_for_url("**step=2")
        tab.settle()  # a name that is typed before belongs to the step that is left
        tab.type_name("ada")
        page.wait_for_url(re.compile("name=ada"))
        for turned, name, step in (
            (page.go_back, "zoe", 2),
            (page.go_back, "zoe", 1),
            (page.go_forward, "zoe", 2),
            (page.go_forward, "ada", 2),
        ):
            turned()
            tab.settle()
            expect(tab.name).to_have_value(name)
            expect(tab.step).to_have_text(re.compile(f"^{step} "))
        tab.check()


def test_the_link_to_the_next_page_takes_the_name_along(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/?step=3&name=zoe")
        page.get_by_role("link", name="Next page").click()
        tab.arrived("Counting pairs")
        assert address(page) == "/bigram?name=zoe"
        expect(tab.name).to_have_value("zoe")


def test_a_reload_and_a_second_tab_show_the_same(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/")
        tab.type_name("zoe")
        page.locator(".st-key-next button").click()
        page.wait_for_url("**step=2")
        page.reload()
        tab.settle()
        expect(tab.name).to_have_value("zoe")
        expect(tab.step).to_have_text(re.compile("^2 "))
        other = Visit(page.context.new_page(), server)
        other.open(address(page))
        expect(other.name).to_have_value("zoe")
        expect(other.step).to_have_text(re.compile("^2 "))


def test_a_page_that_is_opened_in_another_tab_has_the_name(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/wavenet?name=zoe&step=1")
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Five models").click(button="middle")
        other = Visit(opened.value, server)
        other.settle()
        assert address(other.page) == "/?name=zoe"
        expect(other.name).to_have_value("zoe")


def test_a_seed_follows_to_pages_that_have_one_and_over_those_that_have_none(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram?step=6&seed=9&name=zoe&list=towns")
        box = page.get_by_role("spinbutton", name="Seed")
        expect(box).to_have_value("9")
        page.locator(".st-key-other_seed button").click()
        expect(box).to_have_value("10")
        page.wait_for_url(re.compile("seed=10"))
        tab.turn_to("Fusion tree")
        assert "seed=10" in address(page)
        assert "list=towns" in address(page)
        tab.turn_to("The same as a net")
        page.locator(".st-key-rail [role=radio]").last.click()
        expect(box).to_have_value("10")
        for _ in range(4):
            page.go_back()
            tab.painted()
        expect(box).to_have_value("9")
        tab.check()


@pytest.mark.parametrize("way", ["typed", "by link"])
def test_a_bad_name_leaves_box_and_link_and_its_nearest_is_offered(
    way: str, browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/?name=ada" if way == "typed" else "/?name=Zo%C3%AB")
        if way == "typed":
            tab.type_name("Zoë")
        expect(page.get_by_text("The letter “ë” is unknown here")).to_be_visible()
        expect(tab.name).to_have_value("ada" if way == "typed" else "emma")
        assert address(page) == ("/?name=ada" if way == "typed" else "/")
        page.get_by_role("button", name="Use zoe").click()
        expect(tab.name).to_have_value("zoe")
        page.wait_for_url("**/?name=zoe")
        expect(page.get_by_text("is unknown here")).to_have_count(0)
        tab.check()


@pytest.mark.parametrize(
    "link", ["step=0000000019", "step=" + "0" * 5000, "step=-1", "step=%C2%B2", "seed=-1", "seed=x"]
)
def test_what_is_no_good_leaves_the_link_and_is_told(
    link: str, browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open(f"/?name=zoe&{link}")
        expect(page.get_by_text(re.compile("here is the (first|usual one)"))).to_be_visible()
        expect(tab.step).to_have_text(re.compile("^1 "))
        assert address(page) == "/?name=zoe"
        tab.check()


def pictures(tab: Visit) -> list[list[str]]:
    """Of all that is drawn the sentence that tells it, and every row that it is drawn from."""
    drawn: list[list[str]] = tab.page.locator("svg.marks").evaluate_all(
        """all => all.map(svg => [
            svg.querySelector("[aria-roledescription=summary]").ariaLabel, chartFiles.asCsv(svg)])"""
    )
    return drawn


@pytest.mark.parametrize(
    ("path", "act"),
    [
        (
            "/bigram?list=greek",
            lambda page: page.get_by_role("radio", name="Probabilities").click(),
        ),
        (
            "/mlp?step=3&name=zoe",
            lambda page: press_in_slider(page, "Moment of the training", "Home"),
        ),
        ("/?step=3", lambda page: press_in_slider(page, "Temperature", "Home")),
        ("/wavenet", lambda page: page.locator(".st-key-tree_size [role=radio]").first.click()),
    ],
)
def test_a_copied_link_opens_the_same_view_elsewhere(
    path: str, act: Callable[[Page], None], browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab, visit(browser, server) as elsewhere:
        page = tab.open(path)
        before, places = pictures(tab), page.evaluate("history.length")
        act(page)
        page.wait_for_function("before => location.href !== before", arg=server + path)
        tab.settle()
        assert pictures(tab) != before
        assert page.evaluate("history.length") == places, "a switch is no place to go back to"
        elsewhere.open(address(page))
        assert pictures(elsewhere) == pictures(tab)
        elsewhere.check()


def press_in_slider(page: Page, label: str, key: str) -> None:
    slider = page.get_by_test_id("stSlider").filter(has_text=label).get_by_role("slider")
    slider.focus()
    slider.press(key)


def test_going_back_finds_the_switches_of_the_step_that_was_left(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram?show=smoothed&k=50")
        page.locator(".st-key-next button").click()
        page.wait_for_url("**/bigram?step=2")
        tab.settle()
        page.go_back()
        page.wait_for_url("**/bigram?show=smoothed&k=50")
        tab.settle()
        expect(page.get_by_role("radio", name="Smoothed")).to_be_checked()
        expect(page.get_by_test_id("stSlider").get_by_text("50")).to_be_visible()
        tab.check()
