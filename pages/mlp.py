"""Page: letters as points and three of them at a time, the MLP after Bengio et al. 2003."""

from makemore.by_hand import cross_entropy as by_hand
from makemore.by_hand import mlp_forward, ngrams
from makemore.data import examples
from makemore.diagnostics.letters import embeddings
from makemore.inference import sampling
from makemore.lessons.mlp import counted_contexts, letter_points, notebook
from makemore.lessons.mlp.context_windows import show_windows
from makemore.lessons.mlp.cross_entropy_by_hand import show_cross_entropy
from makemore.lessons.mlp.forward_pass import show_forward_pass
from makemore.lessons.mlp.ten_dimensions import show_ten_dimensions
from makemore.models.mlp import MLP
from makemore.ui.kit import ask_beside, page_frame, shared_notebooks
from makemore.ui.kit.choose_checkpoint import choose_beside, embeds_letters
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.perplexities import show_perplexities
from makemore.ui.kit.sampled_names import show_samples


def scatter(about: ChosenList, name: str, stage: Stage) -> None:
    letter_points.show_points_over_training(about, "mlp_2d", stage, start=name[0], key="mlp_2d")


def slide(about: ChosenList, name: str, stage: Stage) -> None:
    show_windows(about, name, "mlp", stage, key="mlp_window")


def forward(about: ChosenList, name: str, stage: Stage) -> None:
    show_forward_pass(about, name, "mlp", stage)


def entropy(about: ChosenList, name: str, stage: Stage) -> None:
    show_cross_entropy(about, name, "mlp", stage)


def ten(about: ChosenList, name: str, stage: Stage) -> None:
    show_ten_dimensions(about, "mlp", stage, start=name[0], key="mlp_wide")


def draw(about: ChosenList, name: str, stage: Stage) -> None:
    models = choose_beside(about, ("bigram", "mlp"), stage, fits=embeds_letters, key="mlp_drawn")
    with stage.controls:
        show_perplexities(about, models)
    show_samples(about, *models.items(), stage=stage, key="mlp")


page_frame.show_page(
    "mlp",
    [
        Step(
            title="The window",
            takeaway="The net reads a context of three letters and predicts the fourth; dots fill the context "
            "where the name has not begun.",
            body=slide,
            notebook=notebook.window,
            code=(examples.windows, MLP.__init__),
            short="Window",
        ),
        Step(
            title="Why not count longer contexts",
            takeaway="Each letter of context multiplies the rows of a table by 27, but not the names that "
            "fill them: of 19,683 contexts of three letters train holds 5,438, of 282 billion of eight 50,457.",
            elsewhere="Each letter of context multiplies the rows of a table of counts, but not the names "
            "that fill them: ever more contexts of dev were never counted in train.",
            body=counted_contexts.show_counted_contexts,
            notebook=notebook.counted,
            code=(ngrams.orders, ngrams._Tally),
            pace=ask_beside.pace,
            short="Counting",
        ),
        Step(
            title="Letters as points",
            takeaway="Each letter is a point whose coordinates, its embedding, are learned: none of the six "
            "vowels begins nearest to another vowel, five end so.",
            elsewhere="Each letter is a point whose coordinates, its embedding, are learned: what is near "
            "for the net comes to lie near.",
            body=scatter,
            notebook=notebook.points,
            code=(embeddings.neighbours, embeddings.most_alike),
            short="Points",
        ),
        Step(
            title="Ten dimensions",
            takeaway="Ten parameters a letter leave it more room than two. A plane shows only a projection: "
            "the first two of ten principal components keep 39.6% of the variance.",
            elsewhere="Ten parameters a letter leave it more room than two; a plane shows only a projection "
            "of them.",
            body=ten,
            notebook=notebook.ten,
            code=(embeddings.planes, embeddings.components),
            short="10-d",
        ),
        Step(
            title="One context, all the way",
            takeaway="Seven tensors lead from the ids of a context to the probabilities of the next letter, and "
            "every number in them is a look-up, a sum of products, a tanh or a share.",
            body=forward,
            notebook=notebook.forward_pass,
            code=(mlp_forward.forward, mlp_forward.joined_timed),
            short="Forward",
        ),
        Step(
            title="Cross-entropy by hand",
            takeaway="The loss is −ln of the probability that the net gave to what came. Written so, it breaks "
            "once a logit exceeds 88.7, where exp overflows; subtracting the maximum repairs it.",
            body=entropy,
            notebook=notebook.cross_entropy,
            code=(by_hand.cross_entropy, by_hand.repaired),
            short="Loss",
        ),
        Step(
            title="New names",
            takeaway="A context length of three instead of one lowers the perplexity from 11.6 to 8.1: the next "
            "letter is as uncertain as among so many equally likely ones.",
            elsewhere="A context length of three instead of one: whether it lowers the perplexity depends "
            "on how many names there are to learn from.",
            body=draw,
            notebook=shared_notebooks.made_up_names,
            settings={"first": "bigram", "checkpoint": "mlp"},
            code=(sampling.sample,),
            short="Names",
        ),
    ],
)
