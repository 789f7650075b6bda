"""The shipped study of wrong gradients: whole, measured again in part, and refused when damaged."""

from pathlib import Path

import pytest

from makemore.by_hand.wrong_gradients import WRONG, end_of, fate
from makemore.data.examples import Dataset
from makemore.experiments import slip_study, studies
from makemore.experiments.study_variants import StudyError
from makemore.lessons.backprop.slip_checks import made_from


def test_what_is_shipped_is_measured_again(real: Dataset) -> None:
    shipped = {(each.name, each.number): each for each in slip_study.read()}
    right = slip_study.train_with(real, {})
    for place in (("counts", 0), ("bndiff2", 0), ("b2", 0), ("logits", 0)):
        name, number = place
        run = slip_study.train_with(real, {name: WRONG[name][number].code})
        assert fate(run, right) == shipped[place].fate
        if shipped[place].end is not None:
            assert end_of(run) == pytest.approx(shipped[place].end, abs=2e-3)


def test_with_most_slips_the_loss_falls_and_most_that_hide_lie_in_batch_norm() -> None:
    results = slip_study.read()
    falls = [each for each in results if each.fate.startswith("falls")]
    assert len(falls) > len(results) / 2
    hidden = [each.name for each in results if each.fate == "falls as well"]
    norm = ("bnraw", "bnvar_inv", "bnvar", "bndiff2", "bndiff", "bnmeani", "hprebn")
    assert sum(name in norm for name in hidden) > len(hidden) / 2
    assert all(made_from(name) & {"W2", "b2", "bngain", "bnbias"} == set() for name in norm)
    assert made_from("bnraw") >= {"C", "W1", "b1"}


@pytest.mark.parametrize("content", ["", "{", '{"results": [1]}', '{"results": []}'])
def test_a_damaged_file_is_refused(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "slips.json").write_text(content)
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    with pytest.raises(StudyError, match="get it again"):
        slip_study.read()


def test_what_is_written_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    results = slip_study.read()
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    slip_study.write(results)
    assert slip_study.read() == results
