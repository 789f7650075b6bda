"""The steps of the first page."""
