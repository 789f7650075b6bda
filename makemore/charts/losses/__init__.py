"""Charts of losses: curves, models side by side, seeds."""
