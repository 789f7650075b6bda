"""Frames of kept looks against the tensors that they were made from."""

import numpy as np
import pytest

from makemore.data.examples import Dataset
from makemore.diagnostics.layers.gradient_histograms import (
    gradient_histograms,
    gradient_ratios,
    weight_gradient_histograms,
)
from makemore.diagnostics.layers.updates_over_time import updates_over_time
from makemore.inference.capture import Snapshot
from makemore.inference.readings import read
from makemore.training.events import Kept, Probed
from tests.conftest import Start


@pytest.fixture(scope="module")
def looks(start: Start) -> list[Snapshot]:
    trainer = start("wavenet", steps=6, settings={"block_size": 4, "hidden": 9})
    events = trainer.events(probe_at=[0, 1, 5])
    return [event.snapshot for event in events if isinstance(event, Probed)]


def test_every_layer_at_every_moment(looks: list[Snapshot]) -> None:
    readings = [read(look) for look in looks]
    assert [each.step for each in readings] == [0, 1, 5]
    for reading, look in zip(readings, looks, strict=True):
        assert list(reading.layers) == ["tanh1", "tanh2"]
        h = look.activations["tanh2"].double().numpy()
        dh = look.gradients["tanh2"].double().numpy()
        numbers = reading.layers["tanh2"]
        assert numbers.std == pytest.approx(h.std(ddof=1), rel=1e-5)
        assert numbers.flat == pytest.approx((np.abs(h) > 0.99).mean())
        assert numbers.gradient_std == pytest.approx(dh.std(ddof=1), rel=1e-5)


def test_nobody_knows_where_a_gate_is_flat(start: Start) -> None:
    trainer = start("wavenet", settings={"gate": True, "hidden": 8, "block_size": 2})
    layers = read(trainer.probe().snapshot).layers
    assert layers
    assert all(each.flat_ends == 0 and each.std > 0 for each in layers.values())


@pytest.mark.parametrize("kind", ["layer", "parameter"])
def test_histograms_of_gradients(looks: list[Snapshot], kind: str) -> None:
    look = looks[-1]
    made = gradient_histograms if kind == "layer" else weight_gradient_histograms
    source = look.gradients if kind == "layer" else look.weight_gradients
    frame = made(read(look))
    names = [n for n in source if n in look.bending or look.weights.get(n, source[n]).dim() == 2]
    names = [n for n in names if kind == "parameter" or n in look.bending]
    assert list(dict.fromkeys(frame[kind])) == names
    for name, rows in frame.groupby(kind):
        values = source[str(name)].double().numpy().flatten()
        assert rows["share"].sum() == pytest.approx(1, abs=1e-5)
        widths = rows["right"] - rows["left"]
        assert (rows["density"] * widths).tolist() == pytest.approx(rows["share"].tolist())
        far = 4 * np.sqrt((values**2).mean())
        assert rows["right"].iloc[-1] == pytest.approx(far, rel=1e-2)
        # The histogram has about the root mean square of what it is of, outliers moved to its ends.
        middles = (rows["left"] + rows["right"]) / 2
        spread = np.sqrt((rows["share"] * middles**2).sum())
        within = values.clip(-far, far)
        assert spread == pytest.approx(np.sqrt((within**2).mean()), rel=0.05)


def test_gradients_beside_their_data(looks: list[Snapshot]) -> None:
    frame = gradient_ratios([read(look) for look in looks])
    matrices = [name for name, weight in looks[0].weights.items() if weight.dim() == 2]
    assert frame["parameter"].tolist() == matrices * 3
    for row in frame.to_dict("records"):
        look = next(look for look in looks if look.step == row["step"])
        gradient = look.weight_gradients[row["parameter"]].double().numpy()
        data = look.weights[row["parameter"]].double().numpy()
        assert row["ratio"] == pytest.approx(gradient.std(ddof=1) / data.std(ddof=1), rel=1e-4)


def test_updates_beside_their_data(start: Start, looks: list[Snapshot]) -> None:
    """Against the weights of the same training, kept at every step."""
    frame = updates_over_time([read(look) for look in looks])
    assert sorted(set(frame["step"])) == [1, 5], "nothing has moved at the start"
    twin = start("wavenet", steps=6, settings={"block_size": 4, "hidden": 9})
    weights = {e.step: e.weights for e in twin.events(keep_at=range(7)) if isinstance(e, Kept)}
    for row in frame.to_dict("records"):
        now, before = (weights[row["step"] - i][row["parameter"]].double() for i in (0, 1))
        ratio = float((now - before).std() / now.std())
        assert row["ratio"] == pytest.approx(ratio, rel=1e-3)
        assert 10 ** row["log10_ratio"] == pytest.approx(row["ratio"])
        assert row["matrix"] == (now.dim() == 2)


def test_a_net_that_counts_has_empty_frames(few: Dataset, start: Start) -> None:
    look = read(start("bigram").probe().snapshot)
    for frame in (
        gradient_histograms(look),
        weight_gradient_histograms(look),
        gradient_ratios([look]),
        updates_over_time([look]),
    ):
        assert frame.empty
        assert len(frame.columns)
