"""On the screen of a projector every step shows its picture whole, and a control, before anybody scrolls.

On a phone, which is the same window made narrow, it is clean, too; the first step also in dark.

`pytest -n 0 -s tests/browser/test_first_screen.py` prints where the pictures lie.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.accessibility import check_accessible
from tests.browser.conftest import PAGES, Pictures, Visit, visit

WINDOW, PHONE = (1280, 720), (390, 844)

# The first chart of the picture, else its first table, else its first text: [what, top, bottom, left, right];
# and how many controls that can be used lie wholly in the window. Boxes are those of the window.
MEASURE = """() => {
    const picture = document.querySelector('.st-key-stage_picture');
    const controls = document.querySelector('.st-key-stage_controls');
    const seen = part => part.checkVisibility() && part.getBoundingClientRect().height > 0;
    const first = tests => [...(picture?.querySelectorAll(tests) ?? [])].find(seen);
    const found = [
        ['chart', first('[data-testid=stVegaLiteChart]')],
        ['table', first('[data-testid=stTable], [data-testid=stDataFrame]')],
        ['text', first('[data-testid=stMarkdown], [data-testid=stCode]')],
    ].find(([, part]) => part);
    const box = part => part.getBoundingClientRect();
    const header = box(document.querySelector('[data-testid=stHeader]')).bottom;
    const inside = part => box(part).top >= header && box(part).bottom <= innerHeight
        && box(part).left >= 0 && box(part).right <= innerWidth;
    const usable = 'button, input, select, textarea, [role=radio], [role=slider], [role=combobox]';
    const used = [...(controls?.querySelectorAll(usable) ?? [])].filter(part =>
        !part.disabled && part.getAttribute('aria-disabled') !== 'true' && seen(part) && inside(part)
        && !part.closest('[data-testid=stTooltipIcon]'));
    return {
        what: found ? found[0] : '',
        top: found ? Math.round(box(found[1]).top) : -1,
        bottom: found ? Math.round(box(found[1]).bottom) : -1,
        whole: Boolean(found) && inside(found[1]),
        controls: used.length,
    };
}"""


@dataclass(frozen=True)
class Seen:
    """What the first screen of a step shows."""

    what: str
    top: int
    bottom: int
    whole: bool
    controls: int


def resize(tab: Visit, size: tuple[int, int]) -> None:
    """Make the window so wide and high, and wait until everything is painted again."""
    tab.page.set_viewport_size({"width": size[0], "height": size[1]})
    tab.painted()
    tab.fitted()


def check_dark(page: str, tab: Visit, pictures: Pictures) -> None:
    """The same step in the dark theme, which it takes on as it stands, wide and narrow; then light again."""
    tab.page.emulate_media(color_scheme="dark")
    tab.settle()
    check_accessible(tab)
    for size in (WINDOW, PHONE):
        resize(tab, size)
        pictures.take(tab, f"{page}_dark_{size[0]}")
        tab.check()
    tab.page.emulate_media(color_scheme="light")
    resize(tab, WINDOW)


@pytest.mark.parametrize("page", PAGES)
def test_every_step_has_its_picture_and_a_control_on_the_first_screen(
    page: str, browser: Browser, server: str, pictures: Pictures
) -> None:
    found: dict[int, Seen] = {}
    with visit(browser, server) as tab:
        tab.page.set_viewport_size({"width": WINDOW[0], "height": WINDOW[1]})
        for step in tab.walk(PAGES[page]):  # a step is turned to on the projector
            found[step] = Seen(**tab.page.evaluate(MEASURE))
            pictures.take(tab, f"{page}_step{step}_light_{WINDOW[0]}x{WINDOW[1]}")
            tab.check()
            if step == 1:
                check_accessible(tab)
                check_dark(page, tab, pictures)
            resize(tab, PHONE)
            tab.check()
            pictures.take(tab, f"{page}_step{step}_light_{PHONE[0]}", whole=True)
            resize(tab, WINDOW)
    for step, seen in found.items():
        print(
            f"{page} {step}: {seen.what} from {seen.top} to {seen.bottom}, {seen.controls} controls"
        )
    assert [at for at, seen in found.items() if not (seen.whole and seen.controls)] == []
