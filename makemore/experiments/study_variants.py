"""A study: variants of a training that share their seeds. Trains nothing and knows no file."""

from dataclasses import dataclass, field
from typing import Any

from makemore.experiments.seed_runs import Variant
from makemore.training.recipes import Recipe


class StudyError(ValueError):
    """The results of a study cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Study:
    """Variants (settings by name) that share their seeds, and model and recipe but for those named.

    watched: the batch norm whose running mean is read while it trains, or "". models, recipes: of the
    variants that have one of their own.
    """

    model: str
    recipe: Recipe
    variants: dict[str, dict[str, Any]]
    seeds: tuple[int, ...]
    watched: str = ""
    models: dict[str, str] = field(default_factory=dict)
    recipes: dict[str, Recipe] = field(default_factory=dict)

    def model_of(self, variant: str) -> str:
        return self.models.get(variant, self.model)

    def recipe_of(self, variant: str) -> Recipe:
        return self.recipes.get(variant, self.recipe)

    def variant(self, name: str) -> Variant:
        """What is trained under this name."""
        return Variant(self.model_of(name), self.variants[name], self.recipe_of(name))

    def to_json(self) -> dict[str, Any]:
        """What is the same in all its trainings, and what is not."""
        about = {"model": self.model, "recipe": self.recipe.to_json(), "variants": self.variants}
        own = {variant: recipe.to_json() for variant, recipe in self.recipes.items()}
        return about | ({"models": self.models, "recipes": own} if own else {})
