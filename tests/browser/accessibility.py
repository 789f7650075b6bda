"""What axe finds on a page, for the tests of this folder. No tests here."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Visit

# Streamlit's own findings, which no page can mend.
ALLOWED = {"list", "listitem", "empty-table-header", "svg-img-alt"}
PARTS = {
    "color-contrast": "stSliderThumbValue",
    "presentation-role-conflict": "stFileUploaderDropzone",
}


def check_accessible(tab: Visit) -> None:
    """Fail for anything that it finds and a page can mend."""
    found = Axe().run(tab.page).response["violations"]
    assert not [text for violation in found for text in complaints(violation)]


def complaints(violation: dict[str, object]) -> list[str]:
    """What axe found, without what is allowed: the value above a dark slider, the box for files."""
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    if violation["id"] in ALLOWED:
        return []
    return [
        f"{violation['id']}: {node['html'][:200]}"
        for node in nodes
        if PARTS.get(str(violation["id"]), "no such part") not in node["html"]
    ]
