"""Page: the bigram as a neural net, which finds by gradient descent what counting knows."""

from makemore import descent, sampling
from makemore.diagnostics import learning, pairs
from makemore.models.bigram_nn import BigramNN
from makemore.ui import agree, draws, frame, own_list, pluck
from makemore.ui.frame import Step
from makemore.ui.learning import learn
from makemore.ui.own_list import about

frame.show(
    "bigram_nn",
    [
        Step(
            "A letter plucks a row",
            "A letter enters the net as a one among zeros; multiplied by the weights W it picks one "
            "row, the net's answer.",
            about(pluck.pluck),
            (BigramNN, learning.bars),
            short="One-hot",
        ),
        Step(
            "From logits to probabilities",
            "The numbers of a row are called logits; exp makes them positive, dividing by their sum "
            "makes them probabilities.",
            about(pluck.softmax),
            (learning.bars,),
            short="Softmax",
        ),
        Step(
            "Watch it learn",
            "From random weights the loss falls step by step to where counting already is, and the "
            "rows come to look like the counted ones.",
            about(learn),
            (descent.gradient, descent.descend),
            short="Descent",
            polls=True,
        ),
        Step(
            "Logits are log counts",
            "The weights that training finds approach the logarithms of the counts, up to a constant a "
            "row; the rarest pairs get there last.",
            about(agree.scatter),
            (pairs.agreement,),
            short="Log counts",
        ),
        Step(
            "Why it is cheap",
            "The loss depends on the examples only through how often each pair occurs, so a few "
            "weighted rows do the work of all examples.",
            about(agree.cheap),
            (descent.timed, descent.one_hot_step, descent.descend),
            short="Cost",
        ),
        Step(
            "Two ways to smooth",
            "Adding k to every count and pulling every weight towards zero do the same: both make the "
            "model less certain.",
            about(agree.two_ways),
            (descent.optimum,),
            short="Smoothing",
        ),
        Step(
            "Same seed, same names",
            "With the same random numbers the counts and the trained net make up almost the same names: "
            "they are one model, found in two ways.",
            about(draws.same_seed),
            (sampling.sample,),
            short="Names",
        ),
    ],
    about=own_list.offered,
)
