"""Page: every gradient of a two-layer net with batch norm, written by hand."""

from makemore.by_hand import (
    backprop,
    checked_gradients,
    hand_training,
    scalar_autograd,
    scalar_walk,
    wrong_gradients,
)
from makemore.lessons.backprop import (
    break_it,
    exercise,
    graph_notebook,
    notebook,
    one_neuron,
    walk_graph,
)
from makemore.ui.kit import ask_beside, page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "backprop",
    [
        Step(
            title="One neuron",
            takeaway="Backprop is the chain rule, edge by edge: a number's gradient is the local derivative "
            "times the gradient of what was made of it, added up over all its uses.",
            body=one_neuron.show_one_neuron,
            notebook=notebook.one_neuron,
            code=(
                scalar_autograd.Number,
                scalar_autograd.neuron,
                scalar_walk.edges_back,
                scalar_walk.walk_back,
            ),
            short="Neuron",
        ),
        Step(
            title="Back through the graph",
            takeaway="Each gradient is the local derivative times what comes back, added up over all ways "
            "on which a value acts on the loss.",
            body=walk_graph.show_walk,
            notebook=graph_notebook.walk,
            code=(backprop.forward, backprop.walk_back, checked_gradients.check),
            short="Graph",
        ),
        Step(
            title="Write it yourself",
            takeaway="Every gradient can be found from three questions: which slope has the line, on how many "
            "ways does the value act, and which shape must come out?",
            body=exercise.show_exercise,
            notebook=graph_notebook.exercise,
            short="Exercise",
        ),
        Step(
            title="Break it",
            takeaway="A wrong gradient rarely stops a training: often the loss falls all the same. A check "
            "against autograd finds what a loss curve hides.",
            body=break_it.show_break,
            notebook=graph_notebook.broken,
            code=(wrong_gradients.wreck, hand_training.train),
            pace=ask_beside.pace,
        ),
    ],
)
