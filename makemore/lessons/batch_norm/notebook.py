"""The steps of pages/batch_norm.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def one_batch(
    names: NameList,
    net: str = "naive",
    scale: float = 1.0,
    gamma: float = 1.0,
    beta: float = 0.0,
    checkpoint: str = "mlp_bn",
) -> None:
    """A batch of pre-activations before and after batch norm: of the naive start, or of a trained net."""
    import copy

    from torch import inference_mode

    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.nets_of_lists import net_of
    from makemore.experiments.recorded_starts import fresh
    from makemore.inference.capture import capture, layers_of, snapshot
    from makemore.layers import BatchNorm1d

    vocabulary = Vocabulary.of(names.names)
    if net == "naive":
        model = fresh("naive", len(vocabulary))
    else:
        model = copy.deepcopy(net_of(checkpoint, names).model).train()
    batch = Dataset(names, vocabulary).examples("train", model.block_size).draw(32, seed=7)

    eps = 0.0
    if net == "naive":
        with inference_mode(), capture(model) as outputs:
            model(batch.contexts)
        before = scale * outputs["hidden"]  # (examples, neurons)
    else:
        look = snapshot(model, batch.contexts, batch.targets)
        ((layer, norm),) = layers_of(model, BatchNorm1d).items()
        before, eps = look.activations[look.before(layer)].flatten(0, -2), norm.eps
    after = gamma * (before - before.mean(dim=0)) / (before.var(dim=0) + eps).sqrt() + beta
    if net == "moved":  # scaled and shifted by the γ and β that it has learned
        after = look.activations[layer].flatten(0, -2)

    for label, values in (("before", before), ("after", after)):
        mean = values.mean(dim=0)
        print(f"{label}, means from {mean.min():.2f} to {mean.max():.2f}")
        print(f"{label}, mean std: {values.std(dim=0).mean():.2f}")


def five_values(names: NameList, example: int = 1, by: float = 2.0, neuron: int = 0) -> None:
    """Five examples through batch norm, one of them moved, and how that moves the others."""
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers.batch_norm_numbers import moved_by, normalised_values
    from makemore.experiments.recorded_starts import fresh
    from makemore.inference.capture import snapshot

    vocabulary = Vocabulary.of(names.names)
    net = fresh("batch norm", len(vocabulary)).train()
    batch = Dataset(names, vocabulary).examples("train", net.block_size).draw(32, seed=7)
    look = snapshot(net, batch.contexts, batch.targets)
    values = look.activations["hidden"][:5, neuron].tolist()

    at_first = normalised_values(values)["after"]
    values[example - 1] += by
    now = normalised_values(values)["after"]
    slopes = moved_by(values, example - 1)["moves"]
    for place in range(5):
        print(f"example {place + 1}, in and out at first: "
              f"{values[place]:+.2f}, {at_first[place]:+.2f}")  # fmt: skip
        print(f"out by now, and its slope: {now[place]:+.2f}, {slopes[place]:+.2f}")


def running(
    names: NameList,
    net: str = "start",
    momentum: float = 0.01,
    neuron: int = 0,
    checkpoint: str = "mlp_bn",
) -> None:
    """The averages that a layer gathers of one neuron over 1,000 batches, and the true ones."""
    import torch

    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers.batch_norm_numbers import running_statistics
    from makemore.experiments.nets_of_lists import net_of
    from makemore.experiments.recorded_starts import fresh
    from makemore.inference.capture import capture, layers_of
    from makemore.layers import BatchNorm1d

    vocabulary = Vocabulary.of(names.names)
    model = fresh("batch norm", len(vocabulary))
    if net == "trained":
        model = net_of(checkpoint, names).model.eval()
    ((layer, norm),) = layers_of(model, BatchNorm1d).items()

    parts = []  # of what goes into the neuron, each context as often as it comes
    tally = Dataset(names, vocabulary).examples("train", model.block_size).tally
    for contexts, times in zip(tally.contexts.split(4096), tally.weights.split(4096), strict=True):
        with torch.inference_mode(), capture(model) as outputs:
            model(contexts)
        before = list(outputs.values())[list(outputs).index(layer) - 1]
        rows = before[..., neuron].reshape(len(contexts), -1).double()
        parts.append(rows.repeat_interleave(times.long(), dim=0).flatten())
    values = torch.cat(parts)

    frame = running_statistics(values, momentum=momentum, batch_size=32, steps=1000)
    last = frame.iloc[-1]
    print(f"mean, running and true: {last['running_mean']:.3g}, {last['mean']:.3g}")
    print(f"variance, running and true: {last['running_var']:.3g}, {last['var']:.3g}")

    kept = norm.running_mean.flatten()[neuron]
    print(f"the net itself has kept a running mean of {kept:.3g}")


def two_modes(
    names: NameList,
    name: str,
    mode: str = "train",
    size: int = 1,
    at: int = -1,
    checkpoint: str = "mlp_bn",
) -> None:
    """The probability of one letter of the name among others in a batch, and in eval mode."""
    from makemore.data.examples import Dataset, windows
    from makemore.diagnostics.layers import batch_neighbours
    from makemore.experiments.nets_of_lists import net_of

    net = net_of(checkpoint, names)
    block = net.model.block_size
    example = windows((name,), net.vocabulary, block)
    context, target = example.contexts[at], int(example.targets[at])
    print(f"in eval mode: {batch_neighbours.probability_alone(net.model, context, target):.1%}")

    if mode == "train" and size > 1:
        others = Dataset(names, net.vocabulary).examples("train", block).contexts
        frame = batch_neighbours.probabilities_among(
            net.model, context, target, others, size=size, batches=60
        )
        found = frame["probability"]
        print(f"in train mode, from and to: {found.min():.1%}, {found.max():.1%}")
        print(f"mean: {found.mean():.1%}")
    elif mode == "train":
        print("A batch of one has no variance, so train mode has no answer: NaN")


def idle_bias(names: NameList, shift: float = 1.0) -> None:
    """The loss with a number added to every bias, and the gradients, with batch norm and without."""
    from makemore.data.examples import Dataset
    from makemore.diagnostics.layers import shifted_biases
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference.capture import snapshot

    net = net_of("mlp", names)
    batch = Dataset(names, net.vocabulary).examples("train", net.model.block_size).draw(32, seed=7)
    look = snapshot(net.model, batch.contexts, batch.targets)
    named = [
        f"layers.{layer}.{kind}" for layer in ("hidden", "logits") for kind in ("weight", "bias")
    ]
    weight, bias, out, out_bias = (look.weights[each] for each in named)
    inputs = look.activations[look.before("hidden")]
    layer = shifted_biases.HiddenLayer(inputs, weight, bias, out, out_bias, batch.targets)

    for row in shifted_biases.losses_by_shift(layer, [0.0, shift]).itertuples():
        print(f"{row.net}, loss at {row.shift:+g}: {row.loss:.4f}")

    largest = shifted_biases.gradients_by_neuron(layer).groupby("net")[["bias", "weight"]].max()
    for row in largest.itertuples():
        print(
            f"{row.Index}, largest gradients, of bias and weight: {row.bias:.0e}, {row.weight:.0e}"
        )


def axes(names: NameList, norm: str = "ours") -> None:
    """Over which axes of (32, 4, 20) batch norms take their means, and what one leaves of them."""
    import torch
    from torch import Generator

    from makemore.checkpoints.shipped import SHIPPED
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.layers import subtracted_means
    from makemore.diagnostics.layers.batch_norm_numbers import axes_of
    from makemore.inference.capture import capture
    from makemore.models import build

    vocabulary, made = Vocabulary.of(names.names), SHIPPED["wavenet_22k"]
    generator = Generator().manual_seed(made.seed)
    net = build(made.model, len(vocabulary), generator, made.settings).eval()
    batch = Dataset(names, vocabulary).examples("train", net.block_size).draw(32, seed=7)
    with torch.inference_mode(), capture(net) as outputs:
        net(batch.contexts)
    x = outputs["linear1"][:, :, :20].clone()  # (examples, pairs of letters, features)

    for row in axes_of(x).itertuples():
        print(f"{row.norm}, axes {row.axes}, off by: {row.difference:.2f}")

    for kind in subtracted_means.AXES:
        if kind == norm:
            after = subtracted_means.normalised_over(x, kind)
            left = subtracted_means.largest_feature_mean(after)
            print(f"after {norm} features keep means of up to {left:.2f}")
