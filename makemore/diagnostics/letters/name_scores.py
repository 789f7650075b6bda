"""Frames of one name as models see it, letter by letter. Runs no model."""

from collections.abc import Mapping

import pandas as pd

from makemore.inference.evaluation import NameScore


def scores(by_model: Mapping[str, NameScore]) -> pd.DataFrame:
    """One row a model and letter. Columns: model, position (from 1), context, letter, probability, nll."""
    rows = [
        (model, position, s.context, s.letter, s.probability, s.nll)
        for model, score in by_model.items()
        for position, s in enumerate(score.letters, 1)
    ]
    columns = ["model", "position", "context", "letter", "probability", "nll"]
    return pd.DataFrame(rows, columns=columns)
