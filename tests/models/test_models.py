"""Every model keeps the one protocol, and starts as the lecture's own lines would start it."""

from collections.abc import Mapping

import pytest
import torch
import torch.nn.functional as F
from torch import Generator, Tensor
from torch.testing import assert_close

from makemore.config import ConfigError
from makemore.data.examples import Dataset
from makemore.inference.capture import capture
from makemore.inference.evaluation import loss
from makemore.models import MODELS, Bigram, LanguageModel, build, config_for

SEED = 2147483647
BLOCKS = {
    "bigram": [1], "bigram_nn": [1], "mlp": [1, 2, 3, 8, 16], "mlp_bn": [1, 2, 3, 8, 16],
    "wavenet": [2, 4, 8, 16],
}  # fmt: skip
EACH_BLOCK = [(name, block) for name, blocks in BLOCKS.items() for block in blocks]
SIZES: list[tuple[str, dict[str, int], int]] = [
    ("bigram", {}, 729),
    ("bigram_nn", {}, 729),
    ("mlp", {}, 11_897),
    ("mlp", {"embedding": 2}, 27 * 2 + 7 * 200 + 201 * 27),
    ("mlp_bn", {}, 12_097),
    ("wavenet", {"embedding": 10, "hidden": 68}, 22_397),
    ("wavenet", {}, 76_579),
]


def make(name: str, seed: int = SEED, vocab: int = 27, **settings: object) -> LanguageModel:
    return build(name, vocab, Generator().manual_seed(seed), settings)


def test_the_table_of_blocks_names_every_model() -> None:
    assert BLOCKS.keys() == MODELS.keys()


@pytest.mark.parametrize(("name", "block"), EACH_BLOCK)
@pytest.mark.parametrize("vocab", [2, 27, 201])
def test_contexts_become_logits(name: str, block: int, vocab: int) -> None:
    model = make(name, vocab=vocab, block_size=block)
    assert (model.name, model.block_size, model.vocab_size) == (name, block, vocab)
    contexts = torch.randint(0, vocab, (5, block), generator=Generator().manual_seed(1))
    for mode in (True, False):
        logits = model.train(mode)(contexts)
        assert logits.shape == (5, vocab)
        assert logits.dtype == torch.float32
        assert logits.isfinite().all()
    assert model(contexts[:1]).shape == (1, vocab)  # one context, in eval mode


@pytest.mark.parametrize("name", ["mlp", "mlp_bn", "wavenet"])
def test_the_whole_context_matters(name: str) -> None:
    model = make(name).eval()
    contexts = torch.ones(1, model.block_size, dtype=torch.int64)
    for position in range(model.block_size):
        changed = contexts.clone()
        changed[0, position] = 2
        assert not torch.equal(model(contexts), model(changed))


@pytest.mark.parametrize(("name", "settings", "size"), SIZES)
def test_sizes(name: str, settings: dict[str, int], size: int) -> None:
    assert build(name, 27, Generator(), settings).size == size


@pytest.mark.parametrize("name", MODELS)
def test_the_seed_decides_the_weights(name: str) -> None:
    first, second, other = (make(name, seed=seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[key], second[key]) for key in first)
    if name != "bigram":  # it has none to draw
        assert any(not torch.equal(first[key], other[key]) for key in first)


@pytest.mark.parametrize("name", MODELS)
def test_building_leaves_the_global_generator_alone(name: str) -> None:
    before = torch.get_rng_state()
    make(name)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize("block", [3, 5, 6, 7, 9, 12, 15])
def test_a_tree_needs_a_power_of_two(block: int) -> None:
    with pytest.raises(ConfigError, match=f"block_size is {block}; a tree needs 2, 4, 8 or 16"):
        make("wavenet", block_size=block)


BAD: list[tuple[str, Mapping[str, object], str]] = [
    ("gpt", {}, "unknown model 'gpt'; known ones: bigram, bigram_nn, mlp, mlp_bn, wavenet"),
    ("bigram", {"block_size": 2}, "from 1 to 1"),
    ("bigram", {"smoothing": -1}, "from 0 to"),
    ("mlp", {"layers": 3}, "unknown setting 'layers'; known ones: block_size, embedding"),
    ("mlp", {"hidden": 2049}, "from 1 to 2048"),
    ("mlp", {"hidden": 1.5}, "a whole number"),
    ("mlp", {"hidden": True}, "a whole number"),
    ("mlp", {"hidden": "200"}, "a whole number"),
    ("mlp", {"hidden": None}, "a whole number"),
    ("mlp", {"logits_init": "large"}, "one of 'naive', 'small'"),
    ("mlp", {"hidden_init": []}, "one of 'naive', 'small', 'kaiming'"),
    ("mlp_bn", {"eps": float("nan")}, "a number from 0 to 0.1"),
    ("wavenet", {"reduce": "both"}, "one of 'all', 'batch'"),
    ("wavenet", {"block_size": 32}, "from 2 to 16"),
]


@pytest.mark.parametrize(("name", "settings", "said"), BAD)
def test_a_bad_setting_is_told_what_is_allowed(
    name: str, settings: Mapping[str, object], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        config_for(name, settings)
    assert said in str(caught.value)


def lecture_mlp(logits_init: str, hidden_init: str, contexts: Tensor) -> Tensor:
    """The notebook's own lines, parts 2 and 3."""
    g = Generator().manual_seed(SEED)
    C = torch.randn((27, 10), generator=g)
    W1 = torch.randn((30, 200), generator=g)
    b1 = torch.randn(200, generator=g)
    W2 = torch.randn((200, 27), generator=g)
    b2 = torch.randn(27, generator=g)
    if hidden_init != "naive":
        W1, b1 = W1 * {"small": 0.2, "kaiming": (5 / 3) / 30**0.5}[hidden_init], b1 * 0.01
    if logits_init == "small":
        W2, b2 = W2 * 0.01, b2 * 0
    return torch.tanh(C[contexts].view(-1, 30) @ W1 + b1) @ W2 + b2


@pytest.mark.parametrize("logits_init", ["naive", "small"])
@pytest.mark.parametrize("hidden_init", ["naive", "small", "kaiming"])
def test_mlp_starts_like_the_notebook(real: Dataset, logits_init: str, hidden_init: str) -> None:
    contexts = real.examples("dev", 3).contexts[:500]
    model = make("mlp", logits_init=logits_init, hidden_init=hidden_init)
    assert torch.equal(model(contexts), lecture_mlp(logits_init, hidden_init, contexts))


def test_mlp_bn_starts_like_the_notebook(real: Dataset) -> None:
    contexts = real.examples("dev", 3).contexts[:500]
    g = Generator().manual_seed(SEED)
    C = torch.randn((27, 10), generator=g)
    W1 = torch.randn((30, 200), generator=g) * (5 / 3) / 30**0.5
    W2 = torch.randn((200, 27), generator=g) * 0.01
    pre = C[contexts].view(-1, 30) @ W1
    normed = (pre - pre.mean(0, keepdim=True)) / pre.std(0, keepdim=True)
    model = make("mlp_bn", eps=0)
    assert_close(model(contexts), torch.tanh(normed) @ W2, rtol=0, atol=1e-6)


@pytest.mark.parametrize("reduce", ["all", "batch"])
def test_wavenet_starts_like_the_notebook(real: Dataset, reduce: str) -> None:
    contexts = real.examples("dev", 8).contexts[:64]
    g = Generator().manual_seed(42)
    x = torch.randn((27, 24), generator=g)[contexts]
    for fan_in in (48, 256, 256):
        x = torch.cat([x[:, ::2], x[:, 1::2]], dim=2)
        x = x @ (torch.randn((fan_in, 128), generator=g) / fan_in**0.5)
        axes = (0,) if reduce == "batch" else (0, 1)
        mean, var = x.mean(axes, keepdim=True), x.var(axes, keepdim=True)
        x = torch.tanh((x - mean) / torch.sqrt(var + 1e-5))
    logits = x.squeeze(1) @ (torch.randn((128, 27), generator=g) / 128**0.5 * 0.1)
    model = make("wavenet", seed=42, reduce=reduce)
    assert_close(model(contexts), logits, rtol=0, atol=1e-5)


@pytest.mark.parametrize("reduce", ["all", "batch"])
def test_the_running_statistics_of_the_tree(reduce: str) -> None:
    state = make("wavenet", embedding=10, hidden=68, reduce=reduce).state_dict()
    shapes = [tuple(state[f"layers.norm{level}.running_mean"].shape) for level in (1, 2, 3)]
    assert shapes == ([(4, 68), (2, 68), (68,)] if reduce == "batch" else [(68,)] * 3)


def test_the_naive_start_is_confidently_wrong(real: Dataset) -> None:
    """Part 3: loss 26.0 where ln 27 = 3.30 would do, and 62 % of the tanh outputs saturated."""
    train = real.examples("train", 3)
    naive = make("mlp", logits_init="naive", hidden_init="naive")
    assert f"{loss(naive, train):.1f}" == "26.0"
    with torch.no_grad(), capture(naive) as outputs:
        naive(train.contexts)
    assert f"{(outputs['tanh'].abs() > 0.99).float().mean():.4f}" == "0.6244"


def test_bigram_rows_are_probabilities(real: Dataset) -> None:
    model = make("bigram", smoothing=0)
    assert isinstance(model, Bigram)
    assert_close(model.probabilities, torch.full((27, 27), 1 / 27))  # nothing counted: uniform
    examples = real.examples("all", 1)
    model.count(examples.contexts, examples.targets)
    assert_close(model.probabilities.sum(1), torch.ones(27))
    assert_close(model.probabilities[0, 1].item(), 4410 / 32033)
    twin = model.recounted(examples.contexts[:5], examples.targets[:5])
    assert (int(twin.counts.sum()), int(model.counts.sum())) == (5, 228_146)


def test_bigram_nn_is_a_one_hot_times_its_weights() -> None:
    model = make("bigram_nn")
    letters = torch.arange(27)[:, None]
    weights = model.state_dict()["layers.W.weight"]
    assert torch.equal(model(letters), F.one_hot(letters[:, 0], 27).float() @ weights)


def test_a_model_without_forward_says_so() -> None:
    with pytest.raises(TypeError, match="has no forward"):
        LanguageModel(config_for("mlp"), 27, Generator())(torch.zeros(1, 3, dtype=torch.int64))
