"""The checkpoints that come with the project: what each is and how it was trained. Trains nothing."""

from dataclasses import dataclass, field
from typing import Any

from makemore.data.examples import Split
from makemore.training.recipes import EPOCH, Recipe, recipe_for


@dataclass(frozen=True)
class Shipped:
    """A checkpoint by its name.

    `reported` is the NLL that the course reports for it, of the names of `reported_on`; `lecture` is
    the dev NLL that the recipe `lecture` ended with here (`python -m makemore train ... --recipe
    lecture`, CPU, seed as below).
    """

    label: str
    model: str
    seed: int
    settings: dict[str, Any] = field(default_factory=dict)
    recipe_name: str = "lecture"
    reported: float | None = None
    reported_on: Split = "dev"
    lecture: float | None = None
    changes: dict[str, Any] = field(default_factory=dict)  # of the recipe

    @property
    def recipe(self) -> Recipe:
        """The recipe of its name with its changes."""
        return recipe_for(self.recipe_name, self.model, **self.changes)


MLP_SEED, WAVENET_SEED = 2147483647, 42  # the lecture's own
USUAL_SEED = MLP_SEED  # of models that the lecture has none for
NAIVE = {"logits_init": "naive", "hidden_init": "naive"}
SMALL_TREE = {"embedding": 10, "hidden": 68}
# Small trees gain nothing from several generations: they cannot learn names by heart.
ONE_GENERATION: dict[str, Any] = {
    "recipe_name": "best",
    "changes": {"generations": 1, "steps": 20 * EPOCH},
}
WIDE = {"embedding": 24, "hidden": 600}

SHIPPED: dict[str, Shipped] = {
    # Both bigrams of the course learn from every name, and its figures for them are of every name.
    "bigram": Shipped(
        label="Bigram, counted",
        model="bigram",
        seed=MLP_SEED,
        reported=2.45,
        reported_on="all",
        lecture=2.4533,
    ),
    "bigram_nn": Shipped(
        label="Bigram, as a net",
        model="bigram_nn",
        seed=MLP_SEED,
        recipe_name="best",
        reported=2.46,
        reported_on="all",
        lecture=2.4581,
    ),
    # The lecture's slow descent sorts the letters of two dimensions best: vowels beside vowels.
    "mlp_2d": Shipped(
        label="MLP, 2-d embedding",
        model="mlp",
        seed=MLP_SEED,
        settings={"embedding": 2},
        lecture=2.1792,
    ),
    # These two differ in their start alone, so both keep the lecture's loop.
    "mlp_naive": Shipped(
        label="MLP, naive init",
        model="mlp",
        seed=MLP_SEED,
        settings=NAIVE,
        reported=2.17,
        lecture=2.1644,
    ),
    "mlp_lecture": Shipped(
        label="MLP, Kaiming init", model="mlp", seed=MLP_SEED, reported=2.10, lecture=2.1070
    ),
    "mlp": Shipped(
        label="MLP",
        model="mlp",
        seed=MLP_SEED,
        recipe_name="best",
        reported=2.10,
        lecture=2.1070,
    ),
    "mlp_bn": Shipped(
        label="MLP with batch norm",
        model="mlp_bn",
        seed=MLP_SEED,
        recipe_name="best",
        reported=2.05,
        lecture=2.1056,
    ),
    # The flat net of the small tree's context length and about as many parameters.
    "mlp_bn_8": Shipped(
        label="MLP with batch norm, 8 letters",
        model="mlp_bn",
        seed=WAVENET_SEED,
        settings={"block_size": 8},
        recipe_name="best",
        reported=2.027,
    ),
    "mlp_bn_wide": Shipped(
        label="MLP with batch norm, wide",
        model="mlp_bn",
        seed=MLP_SEED,
        settings=WIDE,
        recipe_name="best",
    ),
    # The small tree over fewer letters and over more: these three and `wavenet_22k` differ in that alone.
    "wavenet_2": Shipped(
        label="WaveNet of 2 letters",
        model="wavenet",
        seed=WAVENET_SEED,
        settings={**SMALL_TREE, "block_size": 2},
        **ONE_GENERATION,
    ),
    "wavenet_4": Shipped(
        label="WaveNet of 4 letters",
        model="wavenet",
        seed=WAVENET_SEED,
        settings={**SMALL_TREE, "block_size": 4},
        **ONE_GENERATION,
    ),
    "wavenet_16": Shipped(
        label="WaveNet of 16 letters",
        model="wavenet",
        seed=WAVENET_SEED,
        settings={**SMALL_TREE, "block_size": 16},
        **ONE_GENERATION,
    ),
    # These two differ in the axes of batch norm alone.
    "wavenet_22k_bug": Shipped(
        label="WaveNet, 22k, axis bug",
        model="wavenet",
        seed=WAVENET_SEED,
        settings={**SMALL_TREE, "reduce": "batch"},
        reported=2.029,
        lecture=2.0290,
        **ONE_GENERATION,
    ),
    "wavenet_22k": Shipped(
        label="WaveNet, 22k",
        model="wavenet",
        seed=WAVENET_SEED,
        settings=SMALL_TREE,
        reported=2.022,
        lecture=2.0202,
        **ONE_GENERATION,
    ),
    "wavenet": Shipped(
        label="WaveNet",
        model="wavenet",
        seed=WAVENET_SEED,
        recipe_name="best",
        reported=1.99,
        lecture=1.9937,
    ),
    # The lowest dev loss found under 200,000 weights; a wider net needs a stronger decay.
    "wavenet_gated": Shipped(
        label="WaveNet, gated",
        model="wavenet",
        seed=WAVENET_SEED,
        settings={"gate": True, "hidden": 144},
        recipe_name="best",
        changes={"generations": 3, "steps": 3 * 16 * EPOCH, "weight_decay": 2.0},
    ),
}


def seed_for(model: str) -> int:
    """The seed of a training that is not given one: that of the shipped checkpoint of this name."""
    return SHIPPED[model].seed if model in SHIPPED else USUAL_SEED


# One checkpoint a model: the five that a name is scored by unless somebody asks for others.
FIVE = ("bigram", "bigram_nn", "mlp", "mlp_bn", "wavenet")
