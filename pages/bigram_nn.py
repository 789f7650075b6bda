"""Page: the bigram as a neural net, which finds by gradient descent what counting knows."""

from makemore.by_hand import bigram_descent
from makemore.diagnostics.letters import bigram_net, pairs
from makemore.inference import sampling
from makemore.lessons.bigram_nn import (
    cost_of_a_step,
    log_counts,
    notebook,
    one_hot_row,
    same_names,
    softmax_row,
    two_ways_to_smooth,
)
from makemore.lessons.bigram_nn.descent_player import descent_pace, show_descent
from makemore.models.bigram_nn import BigramNN
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "bigram_nn",
    [
        Step(
            title="A letter plucks a row",
            takeaway="A letter enters the net one-hot, as a one among zeros. Multiplied by W, the matrix of "
            "the net's parameters, it plucks one row: the net's answer.",
            body=one_hot_row.show_plucked_row,
            notebook=notebook.one_hot,
            code=(BigramNN, bigram_net.bars),
            short="One-hot",
        ),
        Step(
            title="From logits to probabilities",
            takeaway="Softmax turns a row of logits into probabilities: exp makes them positive, dividing "
            "by their sum makes them add up to 1.",
            body=softmax_row.show_softmax,
            notebook=notebook.softmax,
            code=(bigram_net.bars,),
            short="Softmax",
        ),
        Step(
            title="Watch it learn",
            takeaway="Gradient descent starts from random parameters. Step by step the loss falls towards "
            "that of counting, and the rows come to look like the counted ones.",
            body=show_descent,
            notebook=notebook.descent,
            code=(bigram_descent.gradient, bigram_descent.descend),
            short="Descent",
            pace=descent_pace,
        ),
        Step(
            title="Logits are log counts",
            takeaway="The logits that training finds approach the logarithms of the counts, up to a constant "
            "a row; the rarest pairs get there last.",
            body=log_counts.show_scatter,
            notebook=notebook.log_counts,
            code=(pairs.agreement,),
            short="Log counts",
        ),
        Step(
            title="Why it is cheap",
            takeaway="The loss depends on the examples only through how often each pair occurs, so a few "
            "weighted rows do the work of all examples.",
            body=cost_of_a_step.show_cost,
            notebook=notebook.cost,
            code=(bigram_descent.timed, bigram_descent.one_hot_step, bigram_descent.descend),
            short="Cost",
        ),
        Step(
            title="Two ways to smooth",
            takeaway="Adding k to every count and pulling every parameter towards zero both make the model "
            "less certain. They come near each other, and are not the same.",
            body=two_ways_to_smooth.show_two_ways,
            notebook=notebook.two_ways,
            code=(bigram_descent.optimum, bigram_net.nearest_k),
            short="Smoothing",
        ),
        Step(
            title="Same seed, same names",
            takeaway="With the same random numbers the counts and the trained net make up the same names: "
            "they are one model, found in two ways.",
            body=same_names.show_same_names,
            notebook=notebook.same_names,
            code=(sampling.sample_each, bigram_net.same_name_chance),
            short="Names",
        ),
    ],
)
