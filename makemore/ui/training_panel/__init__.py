"""The training panel, one component for every page: see panel.py. Knows nothing itself."""

from makemore.ui.training_panel.offer import Offer
from makemore.ui.training_panel.panel import live_training, offered_training
from makemore.ui.training_panel.transport_buttons import clear

__all__ = ["Offer", "clear", "live_training", "offered_training"]
