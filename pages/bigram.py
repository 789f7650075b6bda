"""Page: counting letter pairs, the first language model."""

from makemore.by_hand import bigram_descent, counted_pairs
from makemore.data.examples import count_pairs
from makemore.diagnostics.letters import probabilities
from makemore.inference import sampling
from makemore.lessons.bigram import (
    count_matrix,
    name_likelihood,
    name_walk,
    notebook,
    one_pass,
    row_division,
    three_models,
    unseen_pair,
)
from makemore.models import Bigram
from makemore.ui.kit import page_frame, shared_notebooks
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "bigram",
    [
        Step(
            title="Every pair, counted",
            takeaway="How often each letter follows each letter is the whole model, a bigram (2-gram); a dot "
            "marks the start and the end of a name.",
            body=count_matrix.show_matrix,
            notebook=notebook.pairs,
            code=(Bigram, count_pairs),
            short="Pairs",
        ),
        Step(
            title="Your name through the matrix",
            takeaway="A name's loss is its mean negative log-likelihood: −ln p, averaged over its pairs, in nats; "
            "lower means less surprised.",
            body=name_likelihood.show_path,
            notebook=notebook.path,
            code=(probabilities.name_path,),
            short="Your name",
        ),
        Step(
            title="A pair that never occurs",
            takeaway="One unseen pair makes a name impossible and its loss infinite; a small k added to every "
            "count, add-k smoothing, repairs that.",
            body=unseen_pair.show_unseen_pair,
            notebook=notebook.unseen,
            code=(counted_pairs.smoothed, bigram_descent.nll),
            short="Never seen",
        ),
        Step(
            title="Dividing rows, not columns",
            takeaway="Each row of counts, divided by its sum, is a distribution, the maximum-likelihood estimate; "
            "one forgotten argument divides the columns instead, and nothing warns.",
            body=row_division.show_division,
            notebook=notebook.rows,
            code=(counted_pairs.smoothed, counted_pairs.divided_wrongly),
            short="Rows",
        ),
        Step(
            title="A name by walking",
            takeaway="Start at the dot, draw the next letter from its row, go on in the row of that letter, until "
            "the dot comes again: so a model draws a name.",
            body=name_walk.show_walk,
            notebook=notebook.walk,
            code=(counted_pairs.walk,),
            short="Walk",
            pace=name_walk.pace,
        ),
        Step(
            title="Twenty names",
            takeaway="With the course's names, 11 % of what the counts draw stands in the list, and 0.4 % of what "
            "uniform probabilities draw; the trained net draws the same names as the counts.",
            elsewhere="What the counts draw looks like the list, what uniform probabilities draw does not; "
            "the trained net draws nearly the same names as the counts.",
            body=three_models.show_three_models,
            notebook=notebook.three,
            code=(sampling.sample_each,),
            short="Names",
        ),
        Step(
            title="Watch it count",
            takeaway="Counting is training in one pass: the first 2 % of the pairs take the dev loss from 3.30 to "
            "2.52, the other 98 % from there to 2.45.",
            elsewhere="Counting is training in one pass: most of what there is to learn is in the first "
            "pairs, and no step can make the loss explode.",
            body=one_pass.count_live,
            notebook=shared_notebooks.trained,
            code=(Bigram.count, count_pairs),
            short="Training",
            polls=True,
        ),
    ],
)
