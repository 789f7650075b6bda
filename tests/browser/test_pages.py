"""Pages in a real browser: by deep link on a fresh server, from one to the next, their themes and charts."""

import re
import time

from playwright.sync_api import Browser, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.accessibility import check_accessible
from tests.browser.conftest import running_server, visit


def test_a_table_of_bricks_has_room_on_a_phone(browser: Browser, server: str) -> None:
    """One that scrolls sideways could not be reached by keyboard."""
    with visit(browser, server, width=390) as tab:
        tab.open("/bricks")
        check_accessible(tab)


def test_deep_link_is_the_first_request_of_a_fresh_server(browser: Browser) -> None:
    with running_server() as fresh, visit(browser, fresh) as tab:
        tab.open("/bigram?step=2&name=ada")
        expect(tab.page.get_by_role("heading", name="Counting pairs")).to_be_visible()
        expect(tab.page.get_by_role("textbox", name="Your name")).to_have_value("ada")
        tab.check()
        tab.turn_to("Fusion tree")  # st.navigation ran


def test_name_and_link_follow_from_page_to_page(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        page.get_by_role("textbox", name="Your name").fill("Ada")
        page.get_by_role("textbox", name="Your name").press("Enter")
        expect(page.get_by_text("the pairs of ada")).to_be_visible()
        tab.turn_to("The same as a net")
        expect(page.get_by_role("textbox", name="Your name")).to_have_value("ada")
        assert "name=ada" in page.url
        assert "step=" not in page.url
        tab.settle()
        tab.check()


def test_next_changes_the_link(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        page.locator(".st-key-next button").click()
        expect(page.get_by_role("heading", name="Your name through the matrix")).to_be_visible()
        assert "step=2" in page.url


def test_cell_opens_its_row(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        page.locator("svg.marks text", has_text="qu").first.click(force=True)
        expect(page.get_by_text("What follows q")).to_be_visible()
        tab.check()


def test_a_control_of_a_step_runs_its_body_alone(browser: Browser, server: str) -> None:
    """The name above it runs the whole page, whose other parts follow from it too."""
    asked: list[str] = []

    def heard(payload: str | bytes) -> None:
        message = BackMsg.FromString(payload if isinstance(payload, bytes) else payload.encode())
        if message.WhichOneof("type") == "rerun_script":
            asked.append(message.rerun_script.fragment_id)

    with visit(browser, server, fresh=True) as tab:
        tab.page.on("websocket", lambda socket: socket.on("framesent", heard))
        page = tab.open("/bigram")
        asked.clear()
        page.get_by_role("radio", name="Probabilities").click()
        expect(page.get_by_text("probability of the next letter, log shade")).to_be_visible()
        assert [bool(fragment) for fragment in asked] == [True]
        page.get_by_role("textbox", name="Your name").fill("ada")
        page.get_by_role("textbox", name="Your name").press("Enter")
        expect(page.get_by_text("the pairs of ada")).to_be_visible()
        assert asked[1:] == [""]
        tab.settle()
        tab.check()


def test_a_chart_tells_a_screen_reader_what_is_seen_now(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        chart = page.locator("[role=graphics-document]").first
        told = chart.locator("[aria-roledescription=summary]")
        expect(told).to_have_attribute(
            "aria-label", re.compile("The most frequent pair is n., 6,763")
        )
        page.get_by_role("radio", name="Probabilities").click()
        expect(told).to_have_attribute("aria-label", re.compile("q is followed by u in 75.7%"))


def test_charts_follow_a_change_of_theme(browser: Browser, server: str) -> None:
    """The specs hold both themes: nothing has to be sent again."""
    with visit(browser, server) as tab:
        page = tab.open("/bigram")
        seen = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            tab.settle()
            name = page.locator("svg.marks text", has_text="qu").first
            seen.append(name.evaluate("text => getComputedStyle(text).fill"))
        assert seen[0] != seen[1]
        tab.check()


def test_first_paint_of_a_warm_server_is_told(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        tab.open("/bigram")  # the browser has the scripts from here on
        tab.page.goto("about:blank")
        start = time.monotonic()
        tab.open("/bigram_nn")
        print(f"first paint of a warm server: {time.monotonic() - start:.1f} s, aim 2 s")
        assert tab.page.locator("svg.marks").count() > 0
