"""The steps of the page on training the MLP."""
