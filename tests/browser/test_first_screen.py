"""On the screen of a projector every step shows its picture whole, and a control, before anybody scrolls.

On a phone, which is the same window made narrow, it is clean, too.

`pytest -n 0 -s tests/browser/test_first_screen.py` prints where the pictures lie.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.accessibility import check_accessible
from tests.browser.conftest import PAGES, Pictures, visit

SIZES = [(1280, 720)]
PHONE = (390, 844)

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


@pytest.mark.parametrize("page", PAGES)
def test_every_step_has_its_picture_and_a_control_on_the_first_screen(
    page: str, browser: Browser, server: str, pictures: Pictures
) -> None:
    found: dict[tuple[int, str], Seen] = {}
    with visit(browser, server) as tab:
        for step in tab.walk(PAGES[page]):
            if step == 1:
                check_accessible(tab)
            for width, height in SIZES:
                tab.page.set_viewport_size({"width": width, "height": height})
                tab.painted()
                size = f"{width}x{height}"
                found[step, size] = Seen(**tab.page.evaluate(MEASURE))
                pictures.take(tab, f"{page}_step{step}_light_{size}")
                tab.check()
            tab.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
            tab.painted()
            tab.check()
            pictures.take(tab, f"{page}_step{step}_light_390", whole=True)
            tab.page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
            tab.painted()  # the next step is turned to as on a projector
    for (step, size), seen in found.items():
        print(
            f"{page} {step} at {size}: {seen.what} from {seen.top} to {seen.bottom}, {seen.controls} controls"
        )
    assert [at for at, seen in found.items() if not (seen.whole and seen.controls)] == []
