"""The theme in config.toml and the colours of the charts are the same, and can be told apart."""

import tomllib
from pathlib import Path

import pytest

from makemore.charts.base import palette
from makemore.charts.base.palette import Colour

CONFIG = tomllib.loads(
    (Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml").read_text()
)
TONES = ("light", "dark")
TEXT_COLOURS = {
    name: value
    for name, value in vars(palette).items()
    if isinstance(value, Colour) and name not in ("PAPER", "PANEL", "LINE", "ON_STRONG")
}


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    ("key", "colours"),
    [
        ("chartCategoricalColors", palette.CATEGORICAL),
        ("chartSequentialColors", palette.SEQUENTIAL),
        ("chartDivergingColors", palette.DIVERGING),
    ],
)
def test_chart_colours_are_those_of_the_palette(
    tone: str, key: str, colours: tuple[Colour, ...]
) -> None:
    assert CONFIG["theme"][tone][key] == [getattr(colour, tone) for colour in colours]


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize(
    ("key", "colour"),
    [
        ("primaryColor", palette.ACCENT),
        ("backgroundColor", palette.PAPER),
        ("secondaryBackgroundColor", palette.PANEL),
        ("textColor", palette.INK),
        ("borderColor", palette.LINE),
        ("redColor", palette.WARNING),
        ("blueColor", palette.BLUE),
    ],
)
def test_page_colours_are_those_of_the_palette(tone: str, key: str, colour: Colour) -> None:
    assert CONFIG["theme"][tone][key] == getattr(colour, tone)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("name", TEXT_COLOURS)
def test_colours_are_readable_on_the_page(name: str, tone: str) -> None:
    assert contrast(getattr(TEXT_COLOURS[name], tone), getattr(palette.PAPER, tone)) >= 4.5


@pytest.mark.parametrize("tone", TONES)
def test_sequential_scale_also_works_in_grey(tone: str) -> None:
    greys = [luminance(getattr(colour, tone)) for colour in palette.SEQUENTIAL]
    assert greys == sorted(greys, reverse=tone == "light")


@pytest.mark.parametrize("rungs", [*range(6), 6, 7, 12, 30])
def test_a_ladder_has_a_colour_of_its_own_for_every_model(rungs: int) -> None:
    colours = palette.ladder(rungs)
    assert len(set(colours)) == len(colours) == rungs
    for tone in TONES:
        lights = [luminance(getattr(colour, tone)) for colour in colours]
        assert lights == sorted(lights, reverse=tone == "light")  # the order reads without a legend


def test_a_ladder_of_few_is_made_of_the_colours_themselves_and_a_longer_one_passes_them() -> None:
    assert palette.ladder(3) == palette.LADDER[-3:]
    assert palette.ladder(5) == palette.LADDER
    assert palette.ladder(9)[::2] == palette.LADDER


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in bytes.fromhex(colour.removeprefix("#"))]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
