"""The fusion tree in a real browser: each edge begins straight above what it comes from, at every size."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import visit

SIZES = [(1280, 720), (1920, 1080), (390, 844)]
PX = 1.0

# Ends of all edges, upper first, and the centres of letters and upper sides of nodes, in pixels.
MEASURE = """key => {
    const chart = document.querySelector(`[class*="st-key-${key}"] svg.marks`);
    const at = (node, x, y) => {
        const point = chart.createSVGPoint(); point.x = x; point.y = y;
        const to = point.matrixTransform(node.getScreenCTM()); return [to.x, to.y];
    };
    const box = node => {
        const r = node.getBoundingClientRect();
        return {x: (r.left + r.right) / 2, top: r.top, bottom: r.bottom};
    };
    const lines = [...chart.querySelectorAll('g.mark-rule line')].map(line => {
        const number = name => Number(line.getAttribute(name) || 0);
        const ends = [at(line, 0, 0), at(line, number('x2'), number('y2'))];
        return ends.sort((a, b) => a[1] - b[1]);
    });
    const letters = [...chart.querySelectorAll('g.mark-text text')]
        .filter(text => [...text.textContent].length === 1).map(box);
    const nodes = [...chart.querySelectorAll('g.mark-image image')].map(box);
    return JSON.stringify({lines, letters, nodes});
}"""


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("letters", ["2", "4", "8", "16"])
def test_edges_of_trees_end_at_their_nodes(
    browser: Browser, server: str, letters: str, size: tuple[int, int]
) -> None:
    with visit(browser, server, width=size[0]) as tab:
        tab.page.set_viewport_size({"width": size[0], "height": size[1]})
        page = tab.open("/wavenet?name=isabella")
        page.get_by_role("radio", name=re.compile(f"^{letters}$")).click()
        tab.settle()
        check_edges(page, "fill-whole-tree", int(letters), 2 * int(letters) - 1)
        tab.check()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_edges_of_the_flat_net_end_at_its_letters(
    browser: Browser, server: str, size: tuple[int, int]
) -> None:
    with visit(browser, server, width=size[0]) as tab:
        tab.page.set_viewport_size({"width": size[0], "height": size[1]})
        page = tab.open("/wavenet?name=isabella&step=2")
        check_edges(page, "fill-half-beside_mlp_bn_8", 8, 9)
        check_edges(page, "fill-half-beside_wavenet_22k", 8, 15)


def check_edges(page: Page, key: str, letters: int, edges: int) -> None:
    """Lower ends stand above letters or on nodes, upper ends below nodes; all of them in their middle."""
    images = page.locator(f'[class*="st-key-{key}"] svg.marks g.mark-image image')
    expect(images).to_have_count(edges - letters)
    page.wait_for_timeout(300)  # the other marks of the same drawing
    found = json.loads(page.evaluate(MEASURE, key))
    assert (len(found["letters"]), len(found["lines"])) == (letters, edges)
    assert len(found["nodes"]) == edges - letters
    below = [(each["x"], each["top"]) for each in found["letters"] + found["nodes"]]
    for upper, lower in found["lines"]:
        assert any(abs(lower[0] - x) < PX and 0 <= y - lower[1] + PX < 20 for x, y in below), lower
        at_top = upper[1] < min(each["top"] for each in found["nodes"])
        assert at_top or any(
            abs(upper[0] - node["x"]) < PX and abs(upper[1] - node["bottom"]) < PX
            for node in found["nodes"]
        ), upper
