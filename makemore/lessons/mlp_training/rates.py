"""The learning rates that the finder offers, which the next step trains with. Knows no training."""

from makemore.ui.kit import links

KEY, IN_LINK = "finder_rate", "rate"
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0, 1000.0)
FIRST = 0.1
OF_RECIPE = 0.0  # the step that trains leaves the rate to its recipe


def bind_rate(*, trains: bool) -> float:
    """Tie the slider that is drawn next to the link; who has chosen a rate finds it in the other step."""
    if trains:
        return links.bound(
            IN_LINK,
            key=KEY,
            options=(OF_RECIPE, *RATES),
            first=OF_RECIPE,
            say=write_rate,
            keep=True,
        )
    return links.bound(IN_LINK, key=KEY, options=RATES, first=FIRST, say=write_rate, keep=True)


def write_rate(rate: float) -> str:
    """As number, or that the recipe says it."""
    return f"{rate:g}" if rate else "of the recipe"
