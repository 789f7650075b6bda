"""Turns what was captured of a model into tidy frames. Knows no chart, no page and no training."""
