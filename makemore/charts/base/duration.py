"""A time in words, for charts and for what stands beside them. Knows nothing else."""


def duration(seconds: float) -> str:
    """A time as somebody would say it: under 1 s, 42 s, 3 min."""
    if seconds < 1:
        return "under 1 s"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
