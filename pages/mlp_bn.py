"""Page: Init and batch norm."""

from makemore.shipped import SHIPPED
from makemore.ui import frame, load
from makemore.ui.frame import Step
from makemore.ui.samples import samples


def draw(name: str) -> None:
    samples(
        *[(SHIPPED[key].label, load.checkpoint(key)) for key in load.present(("mlp_bn",))],
        key="mlp_bn",
    )


frame.show(
    "Init and batch norm",
    [
        Step(
            "Names it makes up",
            "Letter after letter, drawn from what the model expects next.",
            draw,
        ),
    ],
)
