"""SECURITY.md says what is true: the files it names exist, the settings are as it says, the claims hold."""

import re
import tomllib
from pathlib import Path

import pytest
from streamlit import config as streamlit_config

from makemore.server import headers, streamlit_patches

ROOT = Path(__file__).resolve().parents[1]
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
SETTINGS = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))


def test_it_is_a_page() -> None:
    assert len(SECURITY.splitlines()) <= 70


def test_the_files_that_it_names_are_there() -> None:
    named = re.findall(r"`(makemore/[\w/]+\.py)`", SECURITY)
    assert len(named) >= 3
    for path in named:
        assert (ROOT / path).is_file(), path


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("server", "enableXsrfProtection", True),
        ("server", "enableCORS", True),
        ("server", "enableStaticServing", False),
        ("browser", "gatherUsageStats", False),
        ("client", "showErrorDetails", "type"),
    ],
)
def test_the_settings_are_as_it_says(section: str, name: str, value: object) -> None:
    assert SETTINGS[section][name] == value


def test_the_agent_interface_is_off() -> None:
    assert streamlit_config.get_option("server.enableAgentApi") is False
    assert "enableAgentApi" not in str(SETTINGS)


def test_what_is_closed_and_what_is_patched_is_named() -> None:
    assert f"`{headers.CLOSED}` is closed" in SECURITY
    assert "`MAKEMORE_DEBUG=1`" in SECURITY
    assert len(streamlit_patches.PATCHES["check_widget_values"].seams) >= 2
    assert "patch_skipped" in SECURITY
