"""Page: every gradient of the two-layer net with batch norm, written by hand and checked."""

from makemore.by_hand import (
    backprop,
    checked_gradients,
    fused_backprop,
    hand_training,
    norm_terms,
    scalar_autograd,
    scalar_walk,
    wrong_gradients,
)
from makemore.lessons.backprop import (
    break_it,
    exercise,
    logit_forces,
    norm_in_one_line,
    notebook,
    notebook_forms,
    one_neuron,
    train_by_hand,
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
            notebook=notebook_forms.one_neuron,
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
            notebook=notebook.walk,
            code=(backprop.forward, backprop.walk_back, checked_gradients.check),
            short="Graph",
        ),
        Step(
            title="Forces on the logits",
            takeaway="Cross-entropy backward in one step is (softmax − one-hot) / n: every row pulls one logit "
            "up as strongly as it pushes all others down.",
            body=logit_forces.show_logit_forces,
            notebook=notebook_forms.logit_forces,
            code=(fused_backprop.logit_gradient,),
            short="Logits",
        ),
        Step(
            title="Batch norm in one line",
            takeaway="What comes back to an input of batch norm is what comes directly, less its mean, less what "
            "lies along the normalised values: those two directions cannot change the loss.",
            body=norm_in_one_line.show_norm_in_one_line,
            notebook=notebook_forms.norm_in_one_line,
            code=(fused_backprop.norm_gradient, norm_terms.norm_terms),
            short="Batch norm",
        ),
        Step(
            title="Write it yourself",
            takeaway="Every gradient can be found from three questions: which slope has the line, on how many "
            "ways does the value act, and which shape must come out?",
            body=exercise.show_exercise,
            notebook=notebook.exercise,
            short="Exercise",
        ),
        Step(
            title="Break it",
            takeaway="With most wrong gradients the loss falls all the same. A check against autograd finds "
            "what a loss curve hides.",
            elsewhere="A wrong gradient need not keep the loss from falling. A check against autograd finds "
            "what a loss curve hides.",
            body=break_it.show_break,
            notebook=notebook.broken,
            code=(wrong_gradients.wreck, hand_training.train),
            pace=ask_beside.pace,
        ),
        Step(
            title="Train with it",
            takeaway="The whole training loop runs on gradients written by hand: from one seed its losses are "
            "those of autograd, but for the last digits that the numbers keep.",
            body=train_by_hand.show_train_by_hand,
            notebook=notebook_forms.train_by_hand,
            code=(hand_training.train, fused_backprop.fused_forward, fused_backprop.fused_backward),
            short="Training",
            pace=ask_beside.pace,
        ),
    ],
)
