"""The steps of pages/mlp_training.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def batch_noise(names: NameList, net: str = "start") -> None:
    """The angle between the gradients of batches and that of all examples, and the noise in them."""
    from torch import Generator

    from makemore.checkpoints.shipped import SHIPPED
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.losses.batch_gradients import batch_gradients
    from makemore.experiments.nets_of_lists import net_of
    from makemore.models import build

    dataset = Dataset(names, Vocabulary.of(names.names))
    if net == "trained":
        model = net_of("mlp_lecture", names).model
    else:
        made = SHIPPED["mlp_lecture"]
        generator = Generator().manual_seed(made.seed)
        model = build(made.model, len(dataset.vocabulary), generator, dict(made.settings)).eval()

    draws = batch_gradients(model, dataset.examples("train", model.block_size), seed=1)
    for size, each in draws.groupby("size", sort=False):
        print(f"batches of {size:,} examples (0 is all): {each['angle'].mean():.1f}°")
        print(f"noise in those, as a multiple of the full gradient: {each['noise'].mean():.1f} ×")


def rate_finder(names: NameList, rate: float = 0.1, sweep: int = 1) -> None:
    """A sweep of learning rates, its valley, and the loss around a rate."""
    from torch import Generator

    from makemore.checkpoints.shipped import SHIPPED
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.losses.rate_valley import find_valley, sweep_frame
    from makemore.models import build
    from makemore.training.rate_sweep import sweep as sweep_rates
    from makemore.training.recipes import recipe_for

    dataset, made = Dataset(names, Vocabulary.of(names.names)), SHIPPED["mlp_2d"]
    generator = Generator().manual_seed(made.seed + sweep - 1)
    net = build(made.model, len(dataset.vocabulary), generator, dict(made.settings))
    examples = dataset.examples("train", net.block_size)
    found = sweep_rates(net, examples, recipe_for("lecture", made.model), generator)

    valley = find_valley(found.rates, found.losses)
    print(f"the valley: {valley.low:.2g} to {valley.high:.2g}")
    print(f"suggested: {valley.suggested:g}")

    frame = sweep_frame(found.rates, found.losses)
    near = frame.iloc[(frame["rate"] - rate).abs().argmin()]
    print(f"at rate {near['rate']:.2g} the smoothed loss is {near['smoothed']:.3f}")


def few_examples(names: NameList, examples: int = 32) -> None:
    """A net that learns the first examples by heart, and the floor of its loss."""
    from makemore.data.examples import windows
    from makemore.data.vocabulary import Vocabulary
    from makemore.diagnostics.losses import few_answers
    from makemore.experiments.few_examples import BLOCK, overfit

    vocabulary = Vocabulary.of(names.names)
    some = few_answers.first_examples(windows(names.names[:examples], vocabulary, BLOCK), examples)
    floor = few_answers.conditional_entropy(some.tally)
    print(f"no net gets below: {floor:.4f}")

    found = overfit(some, len(vocabulary))
    print(f"the loss at the end: {found.losses[-1]:.4f}")

    print(few_answers.ambiguous_contexts(some.tally, vocabulary).to_string())


def size_ladder(names: NameList, width: str = "hidden") -> None:
    """The gap between dev and train loss over the size of the net, and the names that leaked."""
    import numpy as np

    from makemore.data.examples import Dataset
    from makemore.experiments import studies
    from makemore.experiments.nets_of_lists import find_net
    from makemore.inference import evaluation

    sizes = studies.HIDDEN_SIZES if width == "hidden" else studies.EMBEDDING_SIZES
    for size in sizes:
        variant = (
            studies.size_variant(size, 10) if width == "hidden" else studies.size_variant(200, size)
        )
        found = [each for each in studies.read("size_ladder") if each.variant == variant]
        train, dev = (np.mean([getattr(each, part) for each in found]) for part in ("train", "dev"))
        print(f"{variant}: train {train:.3f}, dev {dev:.3f}")

    net = find_net("mlp_lecture")
    dataset = Dataset(names, net.vocabulary)
    dev, train = dataset.names("dev"), set(dataset.names("train"))
    totals = evaluation.name_totals(net.model, net.vocabulary, dev).numpy()
    letters = np.array([len(each) + 1 for each in dev])
    again = np.array([each in train for each in dev])
    for what, chosen in {"all dev": again | True, "leaked": again, "other": ~again}.items():
        loss = totals[chosen].sum() / letters[chosen].sum()
        print(f"{what} names and their loss: {chosen.sum():,}, {loss:.4f}")


def smoothing(block: int = 1_000) -> None:
    """The block means of the lecture's run, and its fall where the learning rate does."""
    from makemore.diagnostics.losses.block_means import block_means, fall_at, spread
    from makemore.experiments import recorded_descents

    raw = recorded_descents.read("lecture").raw.float()
    print(block_means(raw, block).tail(3).to_string())
    print(f"jump from point to point: {spread(raw, block):.4f}")

    before, after = fall_at(raw, recorded_descents.recipe_of("lecture").decay_at, 10_000)
    print(f"before the decay: {before:.3f}")
    print(f"after it: {after:.3f}")


def names_over_training(names: NameList, name: str, seed: int = 42) -> None:
    """What a name costs at several moments of a training, and names made up there."""
    from makemore.data.vocabulary import Vocabulary
    from makemore.experiments.recorded_starts import net_at, recording_of
    from makemore.inference import evaluation, sampling

    vocabulary = Vocabulary.of(names.names)
    recording = recording_of("kaiming", names)
    for step in recording.moments:
        net = net_at(recording, step, len(vocabulary))
        drawn = sampling.sample_each(net, vocabulary, 6, seed=seed, max_length=20)
        print(
            f"{step:,} steps, {name} costs: {evaluation.score(net, vocabulary, [name])[0].nll:.3f}"
        )
        print(f"made up then: {', '.join(each or '–' for each in drawn)}")
