"""By keys alone from the loss through the whole graph to the embedding, and by a click to any value."""

from playwright.sync_api import Browser, expect

from makemore.lessons.backprop.one_batch import WALK
from tests.browser.conftest import visit


def test_keys_walk_the_whole_graph_and_a_click_jumps(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/backprop?step=2&node=loss")
        chosen = page.get_by_role("combobox", name="Value at hand")
        for number, name in enumerate(WALK[1:], start=2):
            page.keyboard.press("ArrowDown")
            expect(chosen).to_have_value(f"{number}  {name}")
        page.keyboard.press("ArrowUp")
        expect(chosen).to_have_value("26  emb")
        expect(tab.step).to_contain_text("2")  # no key has turned the step
        tab.painted()
        page.locator(".st-key-walk_graph svg.marks [aria-label*='counts_sum;']").first.click(
            force=True
        )
        expect(chosen).to_have_value("5  counts_sum")
        tab.painted()
        tab.check()
