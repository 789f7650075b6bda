"""The steps of the page on experiments."""
