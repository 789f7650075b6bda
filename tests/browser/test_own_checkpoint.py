"""The way of a learner's own net: own list, trained, saved, explored, compared, downloaded, uploaded again."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from makemore.checkpoints import store, uploads
from tests.browser.conftest import Visit, visit

NAMES = [
    first + second
    for first in ("an", "be", "ca", "do", "el", "fi", "ga", "ha", "in", "jo", "ka", "li")
    for second in ("na", "ra", "len", "mira", "vis", "bo", "ty", "wyn")
]
WAIT = 30_000


def give_list(tab: Visit) -> None:
    """Paste the names, look at what was read, and use them."""
    page = tab.open("/bigram")
    page.get_by_role("button", name="Own list").click()
    page.get_by_role("textbox", name="Paste names").fill("\n".join(NAMES))
    page.get_by_role("button", name="Read these names").click()
    use = page.get_by_role("button", name=re.compile("^Use this list"))
    use.click()
    expect(page.get_by_role("button", name=f"{len(NAMES)} names")).to_be_visible(timeout=WAIT)
    page.keyboard.press("Escape")
    tab.settle()


def test_a_pasted_list_follows_from_page_to_page(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        give_list(tab)
        for title in ("Initialisation", "Checkpoints", "Counting pairs"):
            tab.turn_to(title)
            expect(tab.page.get_by_role("button", name=f"{len(NAMES)} names")).to_be_visible()
            assert "list=own" in str(tab.page.evaluate("location.search"))
        tab.page.go_back()
        tab.settle()
        expect(tab.page.get_by_role("button", name=f"{len(NAMES)} names")).to_be_visible()
        assert "list=own" in str(tab.page.evaluate("location.search"))
        tab.check()


def go_to(tab: Visit, number: int) -> None:
    """Another step of the page."""
    tab.page.locator(".st-key-rail [role=radio]").nth(number - 1).click()
    expect(tab.step).to_contain_text(str(number))
    tab.settle()


def press(page: Page, name: str) -> None:
    """A button of the training panel."""
    page.locator(".st-key-train_mlp_bn_transport").get_by_role("button", name=name).click()


def losses(page: Page) -> dict[str, list[str]]:
    """Split -> what the checkpoint says, and what is measured here."""
    table = page.locator(".st-key-stage_controls [data-testid=stTable]").first
    rows = table.locator("tbody tr").all_inner_texts()
    cells = [re.split(r"\s+", row.strip()) for row in rows]
    return {row[0]: row[1:] for row in cells}


def chosen(page: Page) -> Locator:
    return page.locator(".st-key-looked_at input")


def test_a_net_of_ones_own_from_the_list_to_the_upload(
    browser: Browser, server: str, tmp_path: Path
) -> None:
    with visit(browser, server, fresh=True) as tab:
        page = tab.page
        give_list(tab)
        tab.turn_to("Batch norm")
        go_to(tab, 7)
        press(page, "Start")
        progress = page.get_by_test_id("stProgress")
        expect(progress).to_contain_text(re.compile(r"step \d\d|Finished"), timeout=WAIT)
        if "Finished" not in progress.inner_text():
            press(page, "Pause")  # a net that has learned a little will do
        expect(progress).to_contain_text(re.compile("Paused|Finished"), timeout=WAIT)
        press(page, "Save")
        page.get_by_role("button", name="Save as a checkpoint").click()
        expect(page.get_by_text("for this visit")).to_be_visible(timeout=WAIT)
        page.keyboard.press("Escape")

        tab.turn_to("Checkpoints")
        chosen(page).click()
        page.get_by_role("option", name=re.compile(r"\(own\)")).click()
        tab.painted()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download", exact=True).click()
        packed = tmp_path / download.value.suggested_filename
        download.value.save_as(packed)
        go_to(tab, 2)
        expect(page.get_by_text("they are what it says")).to_be_visible(timeout=WAIT)
        before = losses(page)
        go_to(tab, 7)
        page.get_by_role("button", name="Show me").click()
        expect(page.get_by_text("second less first")).to_be_visible(timeout=WAIT)
        tab.painted()
        tab.check()

        give_list(tab)  # a new visit, in which nothing of the former is left
        tab.turn_to("Checkpoints")
        assert "(own)" not in (chosen(page).input_value())
        page.get_by_test_id("stFileUploader").locator("input").set_input_files(packed)
        expect(page.get_by_text("is one of your own now")).to_be_visible(timeout=WAIT)
        assert "(own)" in chosen(page).input_value()
        go_to(tab, 2)
        expect(page.get_by_text("they are what it says")).to_be_visible(timeout=WAIT)
        assert losses(page) == before
        tab.check()
    name, files = uploads.read_upload({packed.name: packed.read_bytes()})
    said = store.loads(name, files["safetensors"]).metadata
    assert [f"{said.losses[split]:.4f}" for split in ("dev", "test")] == [
        before[split][0] for split in ("dev", "test")
    ]
