"""Layers that bend are found by type: any activation, anywhere in a net, whatever it is called.

From a look inside over histograms, files and stored moments to saturation maps.
"""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Generator, Tensor, nn
from torch.testing import assert_close

from makemore import layers
from makemore.checkpoints import tensor_files
from makemore.data.examples import Dataset
from makemore.diagnostics.layers import histograms, neurons, shapes
from makemore.diagnostics.layers.saturation_image import saturation_image
from makemore.inference.capture import Snapshot, layers_of, snapshot
from makemore.layers import (
    ELU,
    Activation,
    BatchNorm1d,
    Embedding,
    FlattenConsecutive,
    Gate,
    Interval,
    LeakyReLU,
    Linear,
    Nonlinearity,
    ReLU,
    Residual,
    Sigmoid,
    Skip,
    Tanh,
)
from makemore.models import LayeredModel, ModelConfig, config_for
from makemore.training.events import Probed
from makemore.training.trajectory import Recorder, Trajectory, picture
from makemore.ui.kit.moment_slider import recorded_moments

VOCAB, WIDTH = 27, 6


@dataclass(frozen=True)
class Net:
    """The layers between the embedding and the logits, the width that they end in, and what is to be found."""

    layers: dict[str, nn.Module]
    width: int
    intervals: dict[str, Interval]


def level(**bend: nn.Module) -> OrderedDict[str, nn.Module]:
    """The layers that fuse two neighbours, and the one that bends."""
    (only,) = bend.values()
    width = 2 * WIDTH if isinstance(only, Gate) else WIDTH
    linear = Linear(2 * WIDTH, width)
    return OrderedDict(join=FlattenConsecutive(2), sum=linear, norm=BatchNorm1d(width), **bend)


def flat(**bends: nn.Module) -> dict[str, nn.Module]:
    """All letters at once, then activations one after the other."""
    layers: dict[str, nn.Module] = {"join": FlattenConsecutive(4), "sum": Linear(4 * WIDTH, WIDTH)}
    for name, bend in bends.items():
        layers |= {name: bend, f"after {name}": Linear(WIDTH, WIDTH)}
    return layers


def numbered(count: int) -> dict[str, nn.Module]:
    return {f"tanh{i}": Tanh() for i in range(1, count + 1)}


NETS = {
    "tanh": lambda: Net(flat(tanh=Tanh()), WIDTH, {"tanh": (-1, 1)}),
    "relu": lambda: Net(flat(relu=ReLU()), WIDTH, {"relu": (0, 5)}),
    "foo": lambda: Net(flat(foo=Sigmoid()), WIDTH, {"foo": (0, 1)}),
    "in no order of names": lambda: Net(
        flat(zebra=Tanh(), b2=Tanh(), a=LeakyReLU()), WIDTH,
        {"zebra": (-1, 1), "b2": (-1, 1), "a": (-1, 5)},
    ),
    "tanhs in no order of names": lambda: Net(
        flat(zebra=Tanh(), b=Tanh()), WIDTH, {"zebra": (-1, 1), "b": (-1, 1)}
    ),
    "more than nine": lambda: Net(
        flat(**numbered(11)), WIDTH, {f"tanh{i}": (-1, 1) for i in range(1, 12)}
    ),
    "inside others": lambda: Net(
        {
            **level(gate=Gate()),
            "upper": Skip(OrderedDict(node=Residual(level(bend=ELU(0.5))))),
        },
        2 * WIDTH,
        {"gate": (-1, 1), "upper.body.node.body.bend": (-0.5, 5)},
    ),
}  # fmt: skip


def built(net: Net) -> LayeredModel:
    generator = Generator().manual_seed(5)
    config = config_for("mlp", {"block_size": 4})
    assert isinstance(config, ModelConfig)
    model = LayeredModel(config, VOCAB, generator)
    ends = {"letters": Embedding(VOCAB, WIDTH), **net.layers, "guess": Linear(net.width, VOCAB)}
    model.layers = nn.Sequential(OrderedDict(ends))
    with torch.no_grad():
        for parameter in model.parameters():  # far apart: some histograms need their outermost bins
            parameter.normal_(generator=generator)
    return model


@pytest.fixture(params=NETS)
def net(request: pytest.FixtureRequest) -> Net:
    return NETS[request.param]()


def looks(model: LayeredModel, few: Dataset) -> list[Snapshot]:
    """At two batches, as at two moments of a training."""
    examples = few.examples("train", 4)
    parts = [slice(0, 60), slice(60, 100)]
    return [
        snapshot(model, examples.contexts[part], examples.targets[part], step=step)
        for step, part in enumerate(parts)
    ]


def test_a_look_inside_knows_them_in_the_order_in_which_they_run(net: Net, few: Dataset) -> None:
    first, _ = looks(built(net), few)
    assert list(first.intervals.items()) == list(net.intervals.items())
    assert first.intervals.keys() <= first.activations.keys() == first.gradients.keys()
    assert first.embedding == "layers.letters.weight"


def shares(values: Tensor, interval: Interval) -> Tensor:
    """A histogram by counting in numpy, what lies outside put on the edge."""
    flat = values.double().numpy().flatten()
    counts, _ = np.histogram(np.clip(flat, *interval), 50, interval)
    return torch.tensor(counts / len(flat), dtype=torch.float32)


def test_histograms_over_the_intervals_of_their_layers(net: Net, few: Dataset) -> None:
    first, _ = looks(built(net), few)
    found = picture(first)
    assert list(found.tensors) == ["embedding", *net.intervals]
    for name, interval in net.intervals.items():
        wanted = shares(first.activations[name], interval)
        assert found.tensors[name].sum() == pytest.approx(1, abs=1e-6)
        # A value on the edge of two bins may fall into either, in single and in double precision.
        assert (found.tensors[name] - wanted).abs().max() <= 1.01 / first.activations[name].numel()


def test_a_trajectory_goes_through_a_file_to_the_stored_moments(net: Net, few: Dataset) -> None:
    recorder = Recorder()
    both = looks(built(net), few)
    for step, look in enumerate(both):
        recorder.add(Probed(step, look))
    tensors = tensor_files.unpack(tensor_files.pack(recorder.trajectory().to_tensors()))
    for order in (sorted(tensors), sorted(tensors, reverse=True)):  # a file has an order of its own
        moments = recorded_moments(Trajectory.from_tensors({key: tensors[key] for key in order}))
        assert list(moments.intervals.items()) == list(net.intervals.items())
        assert moments.steps == (0, 1)
        for step, look in enumerate(both):
            then = moments.back_to(step)
            assert list(then.intervals) == list(net.intervals)
            assert_close(then.now("embedding"), look.weights["layers.letters.weight"])
            for name, interval in net.intervals.items():
                assert torch.equal(then.now(name), picture(look).tensors[name])
                assert then.intervals[name] == interval


def test_only_what_does_not_go_without_saying_is_written(net: Net, few: Dataset) -> None:
    """Trajectories of the five models are the files that they have always been."""
    recorder = Recorder()
    recorder.add(Probed(0, looks(built(net), few)[0]))
    written = {key for key in recorder.trajectory().to_tensors() if key.startswith("intervals/")}
    by_number = sorted(net.intervals, key=lambda name: (len(name), name))
    usual = set(net.intervals.values()) == {(-1, 1)} and by_number == list(net.intervals)
    assert written == (set() if usual else {f"intervals/{name}" for name in net.intervals})


def test_stored_histograms_are_drawn_where_they_belong(net: Net, few: Dataset) -> None:
    first, _ = looks(built(net), few)
    frame = histograms.stored_histograms(
        {name: picture(first).tensors[name] for name in net.intervals}, net.intervals
    )
    assert list(dict.fromkeys(frame["layer"])) == list(net.intervals)
    for name, rows in frame.groupby("layer"):
        interval = (rows["left"].iloc[0], rows["right"].iloc[-1])
        assert interval == pytest.approx(net.intervals[str(name)])
        assert len(rows) == 50


def test_saturation_maps_and_neurons_on_their_curve(net: Net, few: Dataset) -> None:
    """A slope is what autograd says, worked out from the layer that feeds the activation."""
    model = built(net)
    first, _ = looks(model, few)
    found = layers_of(model, Activation)
    assert list(found) == [name for name in net.intervals if name != "gate"]
    for name, activation in found.items():
        before = first.before(name)
        pre = first.activations[before].double().requires_grad_()
        post = activation(pre)
        post.sum().backward()
        assert pre.grad is not None
        image = saturation_image(first.activations[name], activation, by_share=False)
        mask = image.pixels
        assert mask.shape == (60, WIDTH)
        clear = ((pre.grad - 0.0199).abs() > 1e-4).numpy()
        assert np.array_equal(mask[clear], (pre.grad < 0.0199).numpy()[clear])
        assert image.neurons["flat"].tolist() == pytest.approx(mask.mean(axis=0).tolist())
        points = neurons.on_curve({"one": first.activations[before][:, 2]}, activation)
        assert points["pre"].tolist() == pre[:, 2].tolist()
        assert points["post"].tolist() == pytest.approx(post[:, 2].tolist())
        assert points["slope"].tolist() == pytest.approx(pre.grad[:, 2].tolist(), abs=1e-12)


def test_every_position_of_a_window_is_an_example_of_a_saturation_map() -> None:
    outputs = torch.tensor([[[0.0, 0.995], [0.999, 0.0]], [[0.5, -0.9999], [0.0, 0.0]]])
    image = saturation_image(outputs, Tanh(), by_share=False)
    assert image.pixels.tolist() == [[False, True], [True, False], [False, True], [False, False]]
    assert image.neurons["flat"].tolist() == [0.25, 0.5]
    assert image.neurons["mean"].tolist() == pytest.approx([1.499 / 4, -0.0049 / 4], abs=1e-6)


def test_a_table_of_shapes_says_what_every_layer_does() -> None:
    modules = [
        each
        for room in (layers, layers, layers)
        for each in vars(room).values()
        if isinstance(each, type) and issubclass(each, nn.Module)
    ]
    assert set(modules) - {Activation, Nonlinearity} == set(shapes.DOES)


@pytest.mark.parametrize("name", ["step", "embedding"])
def test_a_layer_called_as_something_else_in_a_trajectory(name: str, few: Dataset) -> None:
    first, _ = looks(built(Net(flat(**{name: Tanh()}), WIDTH, {})), few)
    with pytest.raises(ValueError, match=f"keeps something else as '{name}'; rename that layer"):
        picture(first)
