"""The training panel, one component for every page: see panel.py. Knows nothing itself."""

from makemore.ui.training_panel.offer import Offer
from makemore.ui.training_panel.panel import train_offered, train_shipped
from makemore.ui.training_panel.recall import linked_settings
from makemore.ui.training_panel.transport_buttons import clear_other_net

__all__ = ["Offer", "clear_other_net", "linked_settings", "train_offered", "train_shipped"]
