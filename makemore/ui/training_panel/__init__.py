"""The training panel, one component for every page: see panel.py. Knows nothing itself."""

from makemore.ui.training_panel.offer import (
    Former,
    Offer,
    Recorded,
    current_run,
    recorded_run,
    recorded_training,
)
from makemore.ui.training_panel.panel import follow_run, train_offered, train_shipped
from makemore.ui.training_panel.recall import linked_settings
from makemore.ui.training_panel.repaired_run import begin, start_beside
from makemore.ui.training_panel.transport_buttons import clear_other_net

__all__ = [
    "Former",
    "Offer",
    "Recorded",
    "begin",
    "clear_other_net",
    "current_run",
    "follow_run",
    "linked_settings",
    "recorded_run",
    "recorded_training",
    "start_beside",
    "train_offered",
    "train_shipped",
]
