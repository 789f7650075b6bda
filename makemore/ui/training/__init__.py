"""The training panel, one component for every page: see panel.py. Knows nothing itself."""

from makemore.ui.training.panel import live_training

__all__ = ["live_training"]
