"""The checkpoints that come with the project: what each is and how it was trained. Trains nothing."""

from dataclasses import dataclass, field
from typing import Any

from makemore.recipes import Recipe, recipe_for


@dataclass(frozen=True)
class Shipped:
    """A checkpoint by its name; `reported` is the dev NLL that the course reports, if it does."""

    label: str
    model: str
    seed: int
    settings: dict[str, Any] = field(default_factory=dict)
    recipe_name: str = "lecture"
    reported: float | None = None

    @property
    def recipe(self) -> Recipe:
        return recipe_for(self.recipe_name, self.model)


MLP_SEED, WAVENET_SEED = 2147483647, 42  # the lecture's own
NAIVE = {"logits_init": "naive", "hidden_init": "naive"}
SMALL_TREE = {"embedding": 10, "hidden": 68}

SHIPPED: dict[str, Shipped] = {
    "bigram": Shipped("Bigram, counted", "bigram", MLP_SEED, reported=2.45),
    "bigram_nn": Shipped("Bigram, as a net", "bigram_nn", MLP_SEED, reported=2.46),
    "mlp_2d": Shipped("MLP, 2-d embedding", "mlp", MLP_SEED, {"embedding": 2}),
    "mlp_naive": Shipped("MLP, naive init", "mlp", MLP_SEED, NAIVE, reported=2.17),
    "mlp": Shipped("MLP", "mlp", MLP_SEED, reported=2.10),
    "mlp_bn": Shipped("MLP with batch norm", "mlp_bn", MLP_SEED, reported=2.05),
    "wavenet_22k_bug": Shipped(
        "WaveNet, 22k, axis bug",
        "wavenet",
        WAVENET_SEED,
        {**SMALL_TREE, "reduce": "batch"},
        reported=2.029,
    ),
    "wavenet_22k": Shipped("WaveNet, 22k", "wavenet", WAVENET_SEED, SMALL_TREE, reported=2.022),
    "wavenet": Shipped("WaveNet", "wavenet", WAVENET_SEED, reported=1.99),
}

# One checkpoint a model: the five that a name is scored by unless somebody asks for others.
FIVE = ("bigram", "bigram_nn", "mlp", "mlp_bn", "wavenet")
