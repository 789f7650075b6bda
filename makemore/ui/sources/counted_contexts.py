"""The n-gram counts of a list, worked out once for all who look at it. Draws nothing."""

from makemore.by_hand import ngrams
from makemore.by_hand.ngrams import Order
from makemore.data.examples import Dataset
from makemore.ui.sources.kept import kept_per_list

AT_ONCE = 500_000  # examples that are counted in about a second


@kept_per_list(most=32)
def orders_of(dataset: Dataset) -> tuple[Order, ...]:
    """The counts of contexts of 1, 2, … letters; see `ngrams.orders`."""
    return ngrams.orders(dataset)


def takes_long(dataset: Dataset) -> bool:
    """Whether they are better counted beside the page."""
    return dataset.sizes["all"] > AT_ONCE
