"""What the layers of a net that learns well give, from its first step to its last. Knows no page."""

from makemore.ui.kit import activation_spread
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.moment_slider import choose_moment, recorded_moments
from makemore.ui.kit.page_frame import Stage


def show_activations(about: ChosenList, name: str, stage: Stage) -> None:
    """One outline a layer at the moment that the slider is at."""
    moments = recorded_moments(about.checkpoint("wavenet_22k").trajectory)
    with stage.controls:
        step = choose_moment(moments.steps, key="layers_moment")
    with stage.picture:
        activation_spread.show_spread(moments.back_to(step), key="layers")
