"""The page of the MLP in a real browser: a clicked letter, a sliding window, a clicked number, a growing logit."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit

# In the strips of step 5: cells of one tensor are one mark, in the order of their storage.
CELLS = ".st-key-forward_strips svg.marks .mark-rect.role-mark path"


def slide(page: Page, label: str, key: str) -> None:
    slider = page.get_by_test_id("stSlider").filter(has_text=label).get_by_role("slider")
    slider.focus()
    slider.press(key)


def test_a_clicked_letter_is_chosen_and_the_slider_moves_all_of_them(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/mlp?step=3")
        letters = page.locator(".st-key-mlp_2d_scatter svg.marks text")
        spot = letters.filter(has_text=re.compile("^q$")).last
        before = spot.bounding_box()
        spot.click(force=True)
        page.wait_for_url("**letter=q**")
        tab.painted()
        slide(page, "Moment of the training", "Home")
        page.wait_for_url("**moment=0**")
        tab.painted()
        after = letters.filter(has_text=re.compile("^q$")).last.bounding_box()
        assert before
        assert after
        assert abs(before["x"] - after["x"]) + abs(before["y"] - after["y"]) > 5
        tab.check()


def test_the_window_slides_and_other_rows_are_lit(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/mlp?name=ada")
        chart = page.locator(".st-key-fill-whole-mlp_window_rows svg.marks")
        expect(chart.locator("text", has_text=re.compile(r"^a\s+1$"))).to_have_count(2)
        slide(page, "The window slides", "Home")
        expect(page.get_by_text("After ... comes a")).to_be_visible()
        expect(chart.locator("text", has_text=re.compile(r"^\.\s+0$"))).to_have_count(4)
        slide(page, "Context length", "End")
        expect(page.get_by_text("so it has no answer to 16")).to_be_visible()
        expect(chart.locator("text", has_text=re.compile(r"^\.\s+0$"))).to_have_count(17)
        tab.check()


def test_a_clicked_number_opens_its_arithmetic(browser: Browser, server: str) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/mlp?step=5&name=ada")
        cells = page.locator(CELLS)
        cells.nth(30 + 30 + 17).click(force=True)  # past emb and view
        page.wait_for_url("**number=hpreact.17**")
        expect(page.get_by_text("hpreact[0, 17] =")).to_be_visible()
        expect(page.get_by_role("heading", name="The sum behind hpreact")).to_be_visible()
        tab.painted()
        # A probability lies on a scale of its own, and answers as well.
        page.locator(
            ".st-key-forward_strips svg.marks text", has_text=re.compile("^m$")
        ).last.click(force=True)
        page.wait_for_url("**number=probs.13**")
        expect(page.get_by_text("probs[0, 13] =")).to_be_visible()
        tab.painted()
        tab.check()


def test_a_growing_logit_breaks_the_loss_by_hand_and_the_switch_repairs_it(
    browser: Browser, server: str
) -> None:
    with visit(browser, server) as tab:
        page = tab.open("/mlp?step=6")
        slide(page, "Constant added to one logit", "End")
        loss = page.locator(".st-key-stage_controls table").first
        expect(loss).to_contain_text("nan")
        page.get_by_text("Maximum subtracted").click()
        expect(loss).not_to_contain_text("nan")
        tab.painted()
        tab.check()
