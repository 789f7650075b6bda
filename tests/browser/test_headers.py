"""Under the policy of the headers a real browser shows all that a page is made of, and nothing foreign."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visit, visit

# The browser lets a test run text as code, so that waits until the test has gone.
FOREIGN = {
    "connect-src": "fetch('https://example.org/')",
    "img-src": "new Image().src = 'https://example.org/x.png'",
    "script-src-elem": "document.head.append(Object.assign(document.createElement('script'), "
    "{src: 'https://example.org/x.js'}))",
    "script-src": "setTimeout(() => new Function('return 1'))",
    "frame-src": "document.body.append(Object.assign(document.createElement('iframe'), "
    "{src: 'https://example.org/'}))",
}  # fmt: skip


def fonts(tab: Visit) -> list[str]:
    found: list[str] = tab.page.evaluate(
        "() => [...document.fonts].filter(each => each.status === 'loaded').map(each => each.family)"
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_fonts_icons_scripts_and_the_websocket_work(
    scheme: str, browser: Browser, server: str
) -> None:
    with visit(browser, server, scheme=scheme) as tab:
        page = tab.open("/wavenet?name=ada")
        assert page.locator("svg.marks").count() >= 2
        assert "Material Symbols Rounded" in fonts(tab)
        assert page.evaluate("() => window.linksCarry") is True, "the script of links.js ran"
        page.locator(".st-key-next button").click()
        page.wait_for_url("**step=2**")  # by the websocket
        tab.settle()
        tab.turn_to("Counting pairs")
        assert "name=ada" in page.url
        page.get_by_role("radio", name="Probabilities").click()
        expect(page.get_by_text("probability of the next letter, log shade")).to_be_visible()
        tab.settle()
        tab.check()


def test_the_table_of_all_checkpoints_is_drawn(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/scoreboard")
        expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
        tab.settle()
        tab.check()


def test_nothing_of_another_site_is_loaded_and_no_text_is_run(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/")
        page.evaluate(
            """() => { window.told = []; document.addEventListener('securitypolicyviolation',
                event => window.told.push(event.effectiveDirective)); }"""
        )
        for i, (directive, attempt) in enumerate(FOREIGN.items(), 1):
            code = f"try {{ Promise.resolve({attempt}).catch(() => 0) }} catch {{}}"
            page.evaluate(
                """code => document.head.append(
                    Object.assign(document.createElement('script'), {textContent: code}))""",
                code,
            )
            page.wait_for_function("i => window.told.length === i", arg=i, timeout=3_000)
            assert page.evaluate("() => window.told.at(-1)") == directive


def test_no_page_is_shown_inside_another(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        tab.page.goto(f"{server}/api/ready")
        tab.page.set_content(f"<iframe src='{server}/'></iframe>")
        tab.page.wait_for_timeout(1_500)
        assert any("frame-ancestors" in text for text in tab.complaints)
        assert not tab.page.frames[1].locator(".st-key-turn").count()
