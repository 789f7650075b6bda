"""The steps of the name lab."""
