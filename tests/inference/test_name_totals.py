"""Names scored all at once cost what they cost one by one."""

import pytest
import torch

from makemore.data.examples import Dataset
from makemore.inference import evaluation
from makemore.models import build


@pytest.mark.parametrize("model", ["bigram_nn", "mlp", "mlp_bn", "wavenet"])
def test_totals_are_those_of_scores_name_by_name(
    model: str, few: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluation, "NAMES_AT_ONCE", 5)  # several parts, the last one shorter
    net = build(model, len(few.vocabulary), torch.Generator().manual_seed(1)).eval()
    names = [*few.names("all"), few.names("all")[0]]
    found = evaluation.name_totals(net, few.vocabulary, names)
    one_by_one = [evaluation.score(net, few.vocabulary, [name])[0] for name in names]
    assert found.tolist() == pytest.approx(
        [sum(letter.nll for letter in score.letters) for score in one_by_one], rel=1e-5
    )


def test_of_no_names_there_are_no_totals(few: Dataset) -> None:
    net = build("bigram_nn", len(few.vocabulary), torch.Generator())
    assert evaluation.name_totals(net, few.vocabulary, []).tolist() == []
