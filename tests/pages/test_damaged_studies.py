"""A study that is missing or damaged costs the steps that tell of it, which say so, and nothing else."""

from pathlib import Path

import pytest

from makemore.experiments import studies, sweep_records
from tests.pages.opening import opened

# page -> the steps that begin with what a study measured
TOLD: dict[str, set[str]] = {
    "home.py": set(),
    "mlp.py": {"4"},
    "mlp_training.py": {"5"},
    "wavenet.py": {"4"},
    "bricks.py": {"4"},
}
GET = "get it again"


@pytest.mark.parametrize("content", [None, '{"trials": [', '{"trials": []}'])
def test_a_damaged_sweep_costs_the_steps_that_show_it(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        (tmp_path / "tree_shape.json").write_text(content)
    name = "rate_and_batch.json"
    (tmp_path / name).write_bytes((sweep_records.FOLDER / name).read_bytes())
    monkeypatch.setattr(sweep_records, "FOLDER", tmp_path)
    for number in (1, 3, 6, 7):  # each way to draw it, and the step of one's own
        app = opened("experiments.py", step=str(number))
        assert not app.exception
        told = [box.value for box in app.error]
        assert len(told) == (number < 7), number
        assert all("tree" in text for text in told)
    assert not opened("experiments.py", study="rate_and_batch").error


@pytest.mark.parametrize("content", [None, '{"results": [', '{"results": []}'])
@pytest.mark.parametrize("page", TOLD)
def test_it_costs_the_steps_that_tell_of_it(
    page: str, content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if content is not None:
        for name in studies.STUDIES:
            (tmp_path / f"{name}.json").write_text(content)
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    without = set()
    for number in range(1, 1 + len(opened(page).segmented_control[0].options)):
        app = opened(page, step=str(number))
        assert not app.exception, f"step {number}"
        if any(GET in box.value for box in app.error):
            without.add(str(number))
    assert without == TOLD[page]


def test_it_costs_one_side_of_a_switch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "FOLDER", tmp_path)
    app = opened("bricks.py", step="3")
    assert not app.error
    app.segmented_control(key="ladder").set_value("context").run()
    assert not app.exception
    assert [box.value for box in app.error if GET in box.value]
    app.segmented_control(key="ladder").set_value("models").run()
    assert not app.error
