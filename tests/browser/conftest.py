"""A real server on a free port and a real browser, for the tests of this folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    TimeoutError,
    expect,
    sync_playwright,
)

from makemore.ui.kit.page_table import PAGES as PAGE_TABLE
from tests.browser import finding
from tests.serving import serving

ROOT = Path(__file__).resolve().parents[2]
PAGES = {
    "home": "/",
    **{
        path.stem: f"/{path.stem}"
        for path in sorted((ROOT / "pages").glob("*.py"))
        if path.stem != "home"
    },
}
PAINT_MS = 15_000
FIT_MS = 3_000
SLACK = 4  # pixels that the box of a text is larger than its letters

# A deep link makes Streamlit's own script look for the server below the page first, in vain.
PROBES = ("/_stcore/health", "/_stcore/host-config")


@contextmanager
def running_server() -> Iterator[str]:
    """The address of a fresh server that is warm and has not been visited."""
    with serving() as server:
        yield server.address


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with running_server() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = finding.find_browser(finding.Machine())
    if path is None:
        missing = f"no browser: {finding.LOOKED_FOR} are not there"
        (pytest.fail if finding.must_have_one(os.environ) else pytest.skip)(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pictures() -> "Pictures":
    """They go to the folder that MAKEMORE_SCREENSHOTS names; without it none is taken."""
    named = os.environ.get("MAKEMORE_SCREENSHOTS")
    return Pictures(Path(named) if named else None)


class Visit:
    """A browser tab that remembers every complaint of the console."""

    def __init__(self, page: Page, server: str) -> None:
        self.page = page
        self.server = server
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", self._failed)

    def leave(self) -> None:
        """Close what was opened beside this tab, and forget all that the site has kept."""
        for page in self.page.context.pages:
            if page is not self.page:
                page.close()
        self.page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
        self.page.context.clear_cookies()
        self.page.remove_listener("console", self._heard)
        self.page.remove_listener("pageerror", self._failed)
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    def _heard(self, message: ConsoleMessage) -> None:
        place = message.location.get("url", "")
        if message.type == "error" and not place.endswith(PROBES):
            self.complaints.append(f"{message.text} ({place})")

    def open(self, path: str) -> Page:
        """Go to a link and wait until everything on it is painted."""
        self.page.goto(self.server + path)
        self.settle()
        return self.page

    def walk(self, path: str) -> Iterator[int]:
        """Open a page and turn to one step after the other; each is painted when its number comes."""
        self.open(path)
        yield 1
        for step in range(2, self.page.locator(".st-key-rail [role=radio]").count() + 1):
            self.page.locator(".st-key-next button").click()
            self.page.wait_for_url(f"**step={step}**")
            self.settle()
            yield step

    def settle(self) -> None:
        """Wait until the run has ended and every chart is drawn."""
        self.page.locator(".st-key-turn").wait_for(state="attached", timeout=PAINT_MS)
        self.painted()  # an element whose own script is still to come is a skeleton

    def painted(self) -> None:
        """Wait until no run is under way and every chart that is there is drawn."""
        self.page.wait_for_function(
            """() => !document.querySelector('[data-testid="stSkeleton"]')
                && document.querySelector('[data-test-script-state="notRunning"]')
                && [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')]
                    .every(chart => chart.querySelector('svg.marks'))""",
            timeout=PAINT_MS,
        )
        self.page.wait_for_timeout(150)  # the last transition of a widget

    def fitted(self) -> None:
        """Wait until no chart is wider than the window, after that has become narrower; or for FIT_MS.

        They follow by themselves, a table of canvas late on a busy machine; `check` tells who did not.
        """
        with suppress(TimeoutError):
            self.page.wait_for_function(
                """() => { const main = document.querySelector('[data-testid="stMain"]');
                    return main.scrollWidth <= main.clientWidth; }""",
                timeout=FIT_MS,
            )

    @property
    def name(self) -> Locator:
        """The box for the learner's name."""
        return self.page.get_by_role("textbox", name="Your name")

    @property
    def step(self) -> Locator:
        """The chosen step in the row of all of them; its text begins with its number."""
        return self.page.locator(".st-key-rail [role=radio][aria-checked=true]")

    def type_name(self, name: str) -> None:
        """Type a name and wait for what follows from it."""
        self.name.fill(name)
        self.name.press("Enter")
        self.painted()

    def turn_to(self, title: str) -> None:
        """Go to another page by the navigation: a link of its own, or one in a menu."""
        link = self.page.get_by_role("navigation").get_by_role("link", name=title)
        if not link.count():
            (section,) = [each.section for each in PAGE_TABLE if each.title == title]
            self.page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
            link = self.page.get_by_role("menuitem", name=title)
        link.click()
        self.arrived(title)

    def arrived(self, title: str) -> None:
        """Wait for the page of this title, which may stand in its heading in other words."""
        (heading,) = [each.heading or title for each in PAGE_TABLE if each.title == title]
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        self.settle()

    def check(self) -> None:
        """No exception box, no complaint of the console, nothing wider than the window or cut off."""
        boxes = self.page.get_by_test_id("stException")
        assert boxes.count() == 0, boxes.first.inner_text()
        assert not self.complaints, self.complaints
        assert self.overflow() <= 0
        assert self.cut_off() == []

    def cut_off(self) -> list[str]:
        """Words of charts that reach out of their chart, where nobody sees them."""
        found: list[str] = self.page.evaluate(
            """slack => [...document.querySelectorAll('svg.marks')].flatMap(chart => {
                const box = chart.getBoundingClientRect();
                const outside = text => {
                    const at = text.getBoundingClientRect();
                    return text.textContent && at.width && getComputedStyle(text).opacity !== '0'
                        && (at.left < box.left - slack || at.right > box.right + slack
                            || at.top < box.top - slack || at.bottom > box.bottom + slack);
                };
                return [...chart.querySelectorAll('text')].filter(outside).map(t => t.textContent);
            })""",
            SLACK,
        )
        return found

    def height(self) -> int:
        """Pixels from the top of the page to its end."""
        main = "document.querySelector('[data-testid=\"stMain\"]')"
        return max(600, int(self.page.evaluate(f"() => {main}.scrollHeight")))

    def overflow(self) -> int:
        """Pixels by which the page is wider than its window."""
        return int(
            self.page.evaluate(
                """() => Math.max(...[document.documentElement,
                    document.querySelector('[data-testid="stMain"]')]
                    .map(part => part.scrollWidth - part.clientWidth))"""
            )
        )


class Pictures:
    """Takes pictures of pages for whoever wants to look at them, which costs a fifth of a second each."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def take(self, tab: Visit, name: str, *, whole: bool = False) -> None:
        """What the window shows, or the whole page in a window of its width."""
        if self._folder is None:
            return
        window = tab.page.viewport_size
        assert window
        if whole:
            tab.page.set_viewport_size({**window, "height": min(tab.height(), 4000)})
            tab.painted()
        tab.page.screenshot(path=self._folder / f"{name}.png")
        tab.page.set_viewport_size(window)


MOST_HISTORY = 25  # entries; a browser counts no further than 50
_idle: dict[Browser, Page] = {}


@contextmanager
def visit(
    browser: Browser, server: str, *, scheme: str = "light", width: int = 1280, fresh: bool = False
) -> Iterator[Visit]:
    """A tab in which nothing is left over from another test.

    To load all scripts anew takes three seconds of a core, so a tab that was left in order serves the
    next test, with everything forgotten that a site can keep. A `fresh` one may be changed for good.
    """
    page = None if fresh else _idle.pop(browser, None)
    page = page or browser.new_context(reduced_motion="reduce").new_page()
    page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab = Visit(page, server)
    try:
        yield tab
        if fresh or browser in _idle or page.evaluate("history.length") > MOST_HISTORY:
            return
        tab.leave()
        _idle[browser] = page
    finally:
        if _idle.get(browser) is not page:
            page.context.close()
