"""Page: counting letter pairs, the first language model."""

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.data.examples import count_pairs
from makemore.diagnostics.letters import probabilities
from makemore.inference import sampling
from makemore.lessons.bigram import (
    count_matrix,
    name_likelihood,
    name_walk,
    row_division,
    three_models,
    unseen_pair,
)
from makemore.models import Bigram
from makemore.ui.kit import own_list, page_frame
from makemore.ui.kit.own_list import about
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.training_panel import train_shipped


def count_live(name: str, stage: Stage) -> None:
    train_shipped("bigram", stage, recipe="lecture", key="train_bigram")


page_frame.show_page(
    "bigram",
    [
        Step(
            title="Every pair, counted",
            takeaway="A dot marks the start and the end of a name; how often each letter follows each other "
            "letter is the whole model.",
            body=about(count_matrix.show_matrix),
            code=(Bigram, count_pairs),
            short="Pairs",
        ),
        Step(
            title="Your name through the matrix",
            takeaway="The model walks along the name pair by pair; its loss is the mean of −ln probability, "
            "in nats, and lower means less surprised.",
            body=about(name_likelihood.show_path),
            code=(probabilities.name_path,),
            short="Your name",
        ),
        Step(
            title="A pair that never occurs",
            takeaway="One unseen pair makes a whole name impossible and its loss infinite; a small number "
            "added to every count repairs that.",
            body=about(unseen_pair.show_unseen_pair),
            code=(counted_pairs.smoothed, bigram_descent.nll),
            short="Never seen",
        ),
        Step(
            title="Dividing rows, not columns",
            takeaway="Each row of counts, divided by its sum, is a distribution; one forgotten argument divides "
            "the columns instead, without any warning.",
            body=about(row_division.show_division),
            code=(counted_pairs.smoothed, counted_pairs.divided_wrongly),
            short="Rows",
        ),
        Step(
            title="A name by walking",
            takeaway="Start at the dot, draw the next letter from its row, go on in the row of that letter, "
            "until the dot comes again: that is how a name is made up.",
            body=about(name_walk.show_walk),
            code=(counted_pairs.walk,),
            short="Walk",
            pace=name_walk.pace,
        ),
        Step(
            title="Twenty names",
            takeaway="Names drawn from the counts sound a little like names; with the same random numbers, a "
            "model that has learned nothing makes noise.",
            body=about(three_models.show_three_models),
            code=(sampling.sample_each,),
            short="Names",
        ),
        Step(
            title="Watch it count",
            takeaway="Counting is training in one pass: after the first few thousand pairs the loss is nearly "
            "as low as it will ever get.",
            body=count_live,
            code=(Bigram.count, count_pairs),
            short="Training",
            polls=True,
        ),
    ],
    about=own_list.offer_own_list,
)
