"""Attacks on what was built, counted: damaged files, kills, and whatever else may happen to it."""
