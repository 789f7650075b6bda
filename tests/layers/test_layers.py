"""Every layer against its twin in torch.nn: outputs, gradients and running statistics, in double precision."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.testing import assert_close

from makemore.layers import BatchNorm1d, Embedding, FlattenConsecutive, Linear, bias_of

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3)


def draw(*shape: int, seed: int = 1) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def assert_twins(ours: nn.Module, theirs: nn.Module, x: Tensor) -> None:
    """The same output and the same gradient of the input, for a loss that weighs every output."""
    results = []
    for layer in (ours, theirs):
        own = x.clone().requires_grad_()
        output = layer(own)
        (output * draw(*output.shape, seed=9)).sum().backward()
        results.append((output.detach(), own.grad))
    assert_close(results[0], results[1])


@given(SHAPES, st.integers(1, 6), st.integers(1, 6), st.booleans())
def test_linear(leading: list[int], fan_in: int, fan_out: int, bias: bool) -> None:
    ours = Linear(fan_in, fan_out, bias=bias).double()
    theirs = nn.Linear(fan_in, fan_out, bias=bias).double()
    ours.load_state_dict({k: v.T if k == "weight" else v for k, v in theirs.state_dict().items()})
    assert_twins(ours, theirs, draw(*leading, fan_in))
    assert_close(ours.weight.grad, none_safe(theirs.weight.grad).T)
    if bias:
        assert_close(bias_of(ours).grad, theirs.bias.grad)


def none_safe(tensor: Tensor | None) -> Tensor:
    assert tensor is not None
    return tensor


def test_bias_of_a_layer_without_one() -> None:
    with pytest.raises(ValueError, match="without a bias"):
        bias_of(Linear(2, 3, bias=False))


@given(SHAPES, st.integers(1, 30), st.integers(1, 6))
def test_embedding(leading: list[int], rows: int, width: int) -> None:
    ours, theirs = Embedding(rows, width).double(), nn.Embedding(rows, width).double()
    ours.load_state_dict(theirs.state_dict())
    ids = torch.randint(0, rows, leading, generator=torch.Generator().manual_seed(1))
    assert torch.equal(ours(ids), theirs(ids))
    for layer in (ours, theirs):
        (layer(ids) ** 2).sum().backward()
    assert_close(ours.weight.grad, theirs.weight.grad)


class Channels(nn.Module):
    """Torch's batch norm wants the features in the middle: (batch, features, positions)."""

    def __init__(self, norm: nn.BatchNorm1d) -> None:
        super().__init__()
        self.norm = norm

    def forward(self, x: Tensor) -> Tensor:
        normed: Tensor = (
            self.norm(x.transpose(1, 2)).transpose(1, 2) if x.dim() == 3 else self.norm(x)
        )
        return normed


def torch_norm(ours: BatchNorm1d, count: int) -> nn.BatchNorm1d:
    """Torch's batch norm that gives exactly our numbers for `count` examples in train mode.

    With n numbers a feature ours divides by √(v·n/(n−1) + ε), torch by √(v + ε), v being the biased
    variance. √((n−1)/n) in gamma and (n−1)/n in ε turn one into the other. In eval mode, and in
    what the running variance learns, both take the unbiased one.
    """
    share = (count - 1) / count if count else 1.0
    twin = nn.BatchNorm1d(len(ours.gamma), eps=ours.eps * share, momentum=ours.momentum).double()
    with torch.no_grad():
        twin.weight.copy_(ours.gamma * share**0.5)
        twin.bias.copy_(ours.beta)
        none_safe(twin.running_mean).copy_(ours.running_mean)
        none_safe(twin.running_var).copy_(ours.running_var)
    return twin


def our_norm(features: int, **options: float) -> BatchNorm1d:
    ours = BatchNorm1d(features, **options).double()  # type: ignore[arg-type]
    with torch.no_grad():
        ours.gamma.copy_(draw(features, seed=2))
        ours.beta.copy_(draw(features, seed=3))
    return ours


@given(
    st.integers(2, 9),
    st.none() | st.integers(1, 4),
    st.integers(1, 5),
    st.sampled_from([1e-5, 0.1]),
    st.sampled_from([0.001, 0.1, 1.0]),
)
def test_batch_norm(
    batch: int, positions: int | None, features: int, eps: float, momentum: float
) -> None:
    shape = (batch, features) if positions is None else (batch, positions, features)
    ours = our_norm(features, eps=eps, momentum=momentum)
    for seed in range(3):  # the running statistics are those of three batches
        x = 5 + 3 * draw(*shape, seed=seed)
        theirs = torch_norm(ours, batch * (positions or 1))
        assert_twins(ours.train(), Channels(theirs), x)
        assert_close(ours.running_mean, theirs.running_mean)
        assert_close(ours.running_var, theirs.running_var)
    x = draw(*shape, seed=8)
    assert_twins(ours.eval(), Channels(torch_norm(ours, 0)).eval(), x)


@given(st.integers(2, 9), st.integers(1, 4), st.integers(1, 5))
def test_batch_norm_with_the_axis_bug(batch: int, positions: int, features: int) -> None:
    """Reduced over axis 0 alone it is a batch norm of positions·features features of its own."""
    ours = BatchNorm1d(features, reduce="batch", positions=positions).double()
    flat = BatchNorm1d(positions * features).double()
    x = draw(batch, positions, features)
    if positions == 1:
        x = x.squeeze(1)  # the top of the tree has no axis of positions
    assert_close(ours(x).view(batch, -1), flat(x.view(batch, -1)))
    assert_close(ours.running_mean.flatten(), flat.running_mean)
    assert_close(ours.running_var.flatten(), flat.running_var)
    assert_close(ours.eval()(x).view(batch, -1), flat.eval()(x.view(batch, -1)))


def test_the_shapes_of_the_axis_bug() -> None:
    """(32, 4, 68): with the bug 4·68 means of 32 numbers each, without it 68 means of 128."""
    x = draw(32, 4, 68)
    bug = BatchNorm1d(68, reduce="batch", positions=4).double()
    fixed = BatchNorm1d(68).double()
    assert bug(x).shape == fixed(x).shape == (32, 4, 68)
    assert bug.running_mean.shape == bug.running_var.shape == (4, 68)
    assert fixed.running_mean.shape == fixed.running_var.shape == (68,)
    assert_close(bug.running_mean, 0.1 * x.mean(0))
    assert_close(fixed.running_mean, 0.1 * x.mean((0, 1)))


def test_normalised_features_have_mean_0_and_unbiased_variance_1() -> None:
    y = BatchNorm1d(5, eps=0.0).double()(7 + 3 * draw(16, 3, 5))
    assert_close(y.mean((0, 1)), torch.zeros(5, dtype=torch.float64))
    assert_close(y.var((0, 1), unbiased=True), torch.ones(5, dtype=torch.float64))


@pytest.mark.parametrize("shape", [(1, 5), (1, 1, 5)])
@pytest.mark.parametrize("reduce", ["all", "batch"])
def test_one_example_in_train_mode(shape: tuple[int, ...], reduce: str) -> None:
    norm = BatchNorm1d(5, reduce="batch" if reduce == "batch" else "all").double()
    with pytest.raises(ValueError, match="one number has no variance; use a larger batch, or eval"):
        norm(draw(*shape))
    assert norm.running_mean.equal(torch.zeros(5, dtype=torch.float64))
    assert norm.eval()(draw(*shape)).isfinite().all()


def test_running_statistics_keep_their_place() -> None:
    norm = our_norm(5)
    before = norm.running_mean.data_ptr(), norm.running_var.data_ptr()
    norm(draw(4, 5))
    assert before == (norm.running_mean.data_ptr(), norm.running_var.data_ptr())
    assert set(norm.state_dict()) == {"gamma", "beta", "running_mean", "running_var"}


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(1, 5))
def test_flatten_consecutive(batch: int, groups: int, n: int, features: int) -> None:
    x = draw(batch, groups * n, features)
    joined = FlattenConsecutive(n)(x)
    lecture = torch.cat([x[:, i::n, :] for i in range(n)], dim=2)
    assert torch.equal(joined, lecture.squeeze(1) if groups == 1 else lecture)
    assert joined.data_ptr() == x.data_ptr()  # nothing is copied, only seen otherwise


def test_flattening_what_does_not_divide() -> None:
    with pytest.raises(ValueError, match="7 positions cannot be joined 2 at a time"):
        FlattenConsecutive(2)(draw(3, 7, 5))


@pytest.mark.parametrize(
    ("layer", "shown"),
    [(Linear(2, 3), "Linear(2, 3, bias=True)"), (Embedding(27, 10), "Embedding(27, 10)"),
     (BatchNorm1d(4), "BatchNorm1d(4, reduce='all')"), (FlattenConsecutive(2), "FlattenConsecutive(2)")],
)  # fmt: skip
def test_what_a_layer_prints(layer: nn.Module, shown: str) -> None:
    assert repr(layer) == shown
