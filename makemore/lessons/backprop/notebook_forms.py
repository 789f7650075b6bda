"""Of pages/backprop.py the neuron, the short forms and the training as notebooks. Knows no page."""

from makemore.data.name_lists import NameList


def one_neuron(
    form: str = "plain",
    edges: int = 9,
    way: str = "added",
    x1: float = 1.0,
    w1: float = -0.5,
    x2: float = 0.5,
    w2: float = 1.5,
    b: float = 0.3,
    nudge: str = "x1",
    h: float = 0.1,
) -> None:
    """The graph of one neuron, walked back edge by edge, and one input nudged."""
    from makemore.by_hand.scalar_autograd import neuron
    from makemore.by_hand.scalar_walk import difference_quotient, walk_back

    inputs = {"x1": x1, "w1": w1, "x2": x2, "w2": w2, "b": b}
    o = neuron(inputs, shared=form == "shared")
    done = walk_back(o, edges, added=way == "added")[:edges]
    for edge in done:
        print(f"{edge.made.name} back to {edge.part.name}, local derivative: {edge.slope:+.4f}")
        print(f"{edge.made.name} back to {edge.part.name}, passed on: {edge.passed:+.4f}")
    for number in o.ordered():
        print(f"value of {number.name}: {number.value:.4f}")
        if number.gradient == number.gradient:  # else the walk has not come there
            print(f"gradient of {number.name}: {number.gradient:.4f}")

    quotient = difference_quotient(inputs, nudge, h, shared=form == "shared")
    print(f"{nudge} moved by {h}, difference quotient: {quotient:+.4f}")


def logit_forces(names: NameList, name: str, example: int = 1) -> None:
    """The gradient by the logits in one step, against the chain of eight and against autograd."""
    import torch

    from makemore.by_hand.backprop import backward, draw_net
    from makemore.by_hand.checked_gradients import autograd
    from makemore.by_hand.fused_backprop import logit_gradient
    from makemore.data.examples import Dataset, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    own = windows((name,) if name else (), vocabulary, 3)
    drawn = Dataset(names, vocabulary).examples("train", 3).draw(32, seed=7)
    X = torch.cat([own.contexts, drawn.contexts])[:32]
    Y = torch.cat([own.targets, drawn.targets])[:32]

    values, theirs = autograd(draw_net(letters=len(vocabulary)), X, Y)
    gradient = logit_gradient(values["logits"], Y)
    row = gradient[example - 1].double()
    print(f"up on the letter that came: {-row.min():.5f}")
    print(f"down on all others, together: {row[row > 0].sum():.5f}")
    print(f"the largest sum of a row is {gradient.sum(1).abs().max():.1e}")

    chain = backward(values, X, Y)["logits"]
    print(f"largest difference from the chain: {(gradient - chain).abs().max():.1e}")
    print(f"largest difference from autograd: {(gradient - theirs['logits']).abs().max():.1e}")


def norm_in_one_line(
    names: NameList, name: str, variance: str = "unbiased", neuron: int = 42
) -> None:
    """Batch norm backward in one line as its three terms, against the chain and against autograd."""
    import torch

    from makemore.by_hand.backprop import backward, draw_net
    from makemore.by_hand.checked_gradients import autograd
    from makemore.by_hand.norm_terms import check_divisors, norm_terms, normalise
    from makemore.data.examples import Dataset, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    own = windows((name,) if name else (), vocabulary, 3)
    drawn = Dataset(names, vocabulary).examples("train", 3).draw(32, seed=7)
    X = torch.cat([own.contexts, drawn.contexts])[:32]
    Y = torch.cat([own.targets, drawn.targets])[:32]

    values, _ = autograd(draw_net(letters=len(vocabulary)), X, Y)
    chain = backward(values, X, Y)
    parts = values["hprebn"], values["bngain"], chain["hpreact"]
    line = torch.stack(list(norm_terms(*parts).values())).sum(0)
    print(f"largest difference from the chain: {(line - chain['hprebn']).abs().max():.1e}")

    terms = norm_terms(*parts, unbiased=variance == "unbiased")
    for path, term in terms.items():
        print(f"{path}, in the mean: {term[:, neuron].double().abs().mean():.2g}")
    direct = terms["directly"][:, neuron].double()
    raw = normalise(values["hprebn"], unbiased=variance == "unbiased")[0][:, neuron].double()
    print(f"directly, summed over the batch: {direct.sum():+.4f}")
    print(f"directly, times x̂, summed: {(direct * raw).sum():+.4f}")
    total = torch.stack(list(terms.values())).double().sum(0)[:, neuron]
    print(f"of all three are left {total.sum():+.0e} and {(total * raw).sum():+.0e}")

    for (net, formula), check in check_divisors(values, chain["hpreact"]).items():
        print(f"net divides by {'n - 1' if net else 'n'}, line by {'n - 1' if formula else 'n'}: "
              f"{check.verdict}, {check.largest:.1e}")  # fmt: skip


def train_by_hand(
    names: NameList, numbers: str = "float32", steps: int = 1000, order: int = 7
) -> None:
    """The training loop on gradients by hand, fused and by autograd, from one seed."""
    import torch

    from makemore.by_hand.backprop import draw_net
    from makemore.by_hand.checked_gradients import autograd_step
    from makemore.by_hand.hand_training import fused_step, hand_step, printed_alike, train
    from makemore.data.examples import Dataset
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    examples = Dataset(names, vocabulary).examples("train", 3)
    net = draw_net(letters=len(vocabulary), dtype=getattr(torch, numbers))

    hand = train(net, examples, steps=steps, seed=order, slope=hand_step)
    fused = train(net, examples, steps=steps, seed=order, slope=fused_step)
    autograd = train(net, examples, steps=steps, seed=order, slope=autograd_step)
    print(f"seconds {hand.seconds:.2f} by hand, {fused.seconds:.2f} fused, "
          f"{autograd.seconds:.2f} by autograd")  # fmt: skip

    apart = max(
        abs(a - b)
        for own in (hand, fused)
        for a, b in zip(own.losses, autograd.losses, strict=True)
    )
    print(f"largest difference of a loss: {apart:.1e}")
    for digits in (4, 5, 6, 7):
        alike = printed_alike(hand.losses, autograd.losses, digits)
        print(f"with {digits} digits the losses print alike up to step: {alike:,}")
