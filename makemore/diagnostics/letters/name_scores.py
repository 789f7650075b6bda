"""Frames of one name as models see it, letter by letter. Runs no model."""

from collections.abc import Mapping

import pandas as pd

from makemore.inference.evaluation import NameScore


def scores(by_model: Mapping[str, NameScore]) -> pd.DataFrame:
    """One row a model and letter. Columns: model, position (from 1), context, letter, probability, nll."""
    rows = [
        (model, position, letter)
        for model, score in by_model.items()
        for position, letter in enumerate(score.letters, 1)
    ]
    return pd.DataFrame(
        {
            "model": [model for model, _, _ in rows],
            "position": [position for _, position, _ in rows],
            "context": [letter.context for _, _, letter in rows],
            "letter": [letter.letter for _, _, letter in rows],
            "probability": [letter.probability for _, _, letter in rows],
            "nll": [letter.nll for _, _, letter in rows],
        }
    )
