"""Page: one name, or the beginning of one, through all models at once."""

from makemore.diagnostics.letters import nearest_names, reshaped
from makemore.diagnostics.letters.standings import Standings
from makemore.inference import completions, evaluation, sampling
from makemore.lessons.name_lab import (
    few_and_many,
    name_endings,
    name_rankings,
    name_strips,
    notebook,
    reshaped_letters,
    sampled_board,
)
from makemore.ui.kit import ask_beside, page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "name_lab",
    [
        Step(
            title="One name, all models",
            takeaway="Each model is surprised by each letter in its own way: −ln p, in nats. The mean over the "
            "letters is the name's loss, the cross-entropy.",
            body=name_strips.show_strips,
            notebook=notebook.strips,
            code=(evaluation.score,),
            short="Surprise",
            pace=ask_beside.pace,
        ),
        Step(
            title="Its rank in the list",
            takeaway="Whether a loss is high for a name shows only beside other names: here every name of the "
            "list, scored by each model.",
            body=name_rankings.show_rankings,
            notebook=notebook.ranks,
            code=(evaluation.name_totals, Standings.rank),
            short="Rank",
            pace=ask_beside.pace,
        ),
        Step(
            title="How it could go on",
            takeaway="After each letter a model has a distribution over the next one; letter by letter these "
            "multiply to the probability of every whole name.",
            body=name_endings.show_endings,
            notebook=notebook.endings,
            code=(completions.complete,),
            short="Endings",
        ),
        Step(
            title="Temperature and top-k",
            takeaway="Sampling may flatten, sharpen or cut what the model says, without asking it again.",
            body=reshaped_letters.show_reshaped,
            notebook=notebook.reshaped,
            code=(reshaped.reshape,),
            short="Temperature",
        ),
        Step(
            title="Twenty names each",
            takeaway="From one seed, every model makes up twenty names: some stand in the list, and most of "
            "the others are one or two letters away from one that does.",
            elsewhere="From one seed, every model makes up twenty names. Beside each new one stands the name of "
            "your list that is nearest by edit distance.",
            body=sampled_board.show_board,
            notebook=notebook.board,
            code=(sampling.sample_each, nearest_names.nearest),
            short="Samples",
        ),
        Step(
            title="Twenty names decide nothing",
            takeaway="How often a model's names stand in the list is a share, and a share of twenty is mostly "
            "luck; of 10,000 it is right to a point.",
            body=few_and_many.show_few_and_many,
            notebook=notebook.few_and_many,
            code=(few_and_many.standard_error, few_and_many.count_no_better),
            short="How many",
            pace=ask_beside.pace,
        ),
    ],
)
