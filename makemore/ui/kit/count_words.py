"""Says how many of something there are. Knows no page."""


def count_of(number: int, word: str) -> str:
    """1 name, 2 names, 1,000 names."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
