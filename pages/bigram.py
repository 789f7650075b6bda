"""Page: counting letter pairs, the first language model."""

from makemore import descent, sampling
from makemore.data import count_pairs
from makemore.diagnostics import chances
from makemore.models import Bigram
from makemore.ui import divide, draws, frame, likelihood, matrix, own_list, walk
from makemore.ui.frame import Step
from makemore.ui.own_list import about
from makemore.ui.training import live_training


def count_live(name: str) -> None:
    live_training("bigram", recipe="lecture", key="train_bigram")


frame.show(
    "bigram",
    [
        Step(
            "Every pair, counted",
            "A dot marks the start and the end of a name; how often each letter follows each other "
            "letter is the whole model.",
            about(matrix.matrix),
            (Bigram, count_pairs),
            short="Pairs",
        ),
        Step(
            "Your name through the matrix",
            "The model walks along the name pair by pair; its loss is the mean of −ln probability, "
            "in nats, and lower means less surprised.",
            about(likelihood.path),
            (chances.name_path,),
            short="Your name",
        ),
        Step(
            "A pair that never occurs",
            "One unseen pair makes a whole name impossible and its loss infinite; a small number "
            "added to every count repairs that.",
            about(likelihood.unseen),
            (chances.smoothed, descent.nll),
            short="Never seen",
        ),
        Step(
            "Dividing rows, not columns",
            "Each row of counts, divided by its sum, is a distribution; one forgotten argument divides "
            "the columns instead, without any warning.",
            about(divide.divide),
            (chances.smoothed, chances.divided_wrongly),
            short="Rows",
        ),
        Step(
            "A name by walking",
            "Start at the dot, draw the next letter from its row, go on in the row of that letter, "
            "until the dot comes again: that is how a name is made up.",
            about(walk.walk),
            (chances.walk,),
            short="Walk",
            polls=True,
        ),
        Step(
            "Twenty names",
            "Names drawn from the counts sound a little like names; with the same random numbers, a "
            "model that has learned nothing makes noise.",
            about(draws.three),
            (sampling.sample,),
            short="Names",
        ),
        Step(
            "Watch it count",
            "Counting is training in one pass: after the first few thousand pairs the loss is nearly "
            "as low as it will ever get.",
            count_live,
            (Bigram.count, count_pairs),
            short="Training",
            polls=True,
        ),
    ],
    about=own_list.offered,
)
