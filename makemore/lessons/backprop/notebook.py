"""Of pages/backprop.py the steps about the whole graph as notebooks. Knows no page."""

from makemore.data.name_lists import NameList


def walk(
    names: NameList,
    name: str,
    node: str = "logprobs",
    through: str = "",
    row: int = -1,
    column: int = -1,
) -> None:
    """The net forward in small steps, backward by hand, and every gradient against autograd's."""
    import torch

    from makemore.by_hand.backprop import ENTRIES, backward, draw_net
    from makemore.by_hand.checked_gradients import autograd, check_all
    from makemore.data.examples import Dataset, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    own = windows((name,) if name else (), vocabulary, 3)
    drawn = Dataset(names, vocabulary).examples("train", 3).draw(32, seed=7)
    X = torch.cat([own.contexts, drawn.contexts])[:32]
    Y = torch.cat([own.targets, drawn.targets])[:32]

    values, theirs = autograd(draw_net(letters=len(vocabulary)), X, Y)
    gradients = backward(values, X, Y)
    for check in check_all(gradients, theirs).values():
        print(f"d{check.name} is {check.verdict}, largest difference {check.largest:.1e}")

    entry, gradient = ENTRIES[node], gradients[node]
    for path in entry.paths:
        if through in ("", path.through):
            print(f"through {path.through} comes {path.code}")
    print(f"d{node} = {entry.gradient_code}")
    table = gradient.flatten(1) if gradient.dim() > 2 else torch.atleast_2d(gradient)
    largest = divmod(int(table.abs().argmax()), table.shape[1])
    at = (row if row >= 0 else largest[0], column if column >= 0 else largest[1])
    print(f"its number in row {at[0]}, column {at[1]}: {abs(float(table[at])):.4g}")


def exercise(names: NameList, name: str, gradient: str = "logprobs", solved: str = "none") -> None:
    """The right formula of one gradient and three wrong ones, each held against autograd."""
    import torch

    from makemore.by_hand.backprop import ENTRIES, draw_net
    from makemore.by_hand.wrong_gradients import WRONG, wreck
    from makemore.data.examples import Dataset, windows
    from makemore.data.vocabulary import Vocabulary

    written = [] if solved == "none" else solved.split(".")
    print(f"gradients written so far: {len(written)} of {len(WRONG)}")

    vocabulary = Vocabulary.of(names.names)
    own = windows((name,) if name else (), vocabulary, 3)
    drawn = Dataset(names, vocabulary).examples("train", 3).draw(32, seed=7)
    X = torch.cat([own.contexts, drawn.contexts])[:32]
    Y = torch.cat([own.targets, drawn.targets])[:32]

    net = draw_net(letters=len(vocabulary))
    print(f"d{gradient} = {ENTRIES[gradient].gradient_code}")
    for wrong in WRONG[gradient]:
        check = wreck(wrong, net, X, Y).checks[gradient]
        print(f"and not {wrong.code}, {wrong.slip}, which autograd calls {check.verdict}")


def broken(names: NameList, name: str, gradient: str = "counts", slip: int = 1) -> None:
    """One wrong formula: which checks fail, and what becomes of a training with it."""
    import torch

    from makemore.by_hand.backprop import draw_net
    from makemore.by_hand.hand_training import changed_step, train
    from makemore.by_hand.wrong_gradients import WRONG, end_of, fate, wreck
    from makemore.data.examples import Dataset, windows
    from makemore.data.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(names.names)
    own = windows((name,) if name else (), vocabulary, 3)
    train_split = Dataset(names, vocabulary).examples("train", 3)
    drawn = train_split.draw(32, seed=7)
    X = torch.cat([own.contexts, drawn.contexts])[:32]
    Y = torch.cat([own.targets, drawn.targets])[:32]

    net, wrong = draw_net(letters=len(vocabulary)), WRONG[gradient][slip - 1]
    found = wreck(wrong, net, X, Y)
    print(f"d{gradient} = {wrong.code}, {wrong.slip}")
    if found.refusal:
        print(f"torch refuses it, {found.refusal}")
    else:
        print(f"those that fail are {[f'd{each}' for each in found.red]}")
        print(f"how many that are, of {len(found.checks)}: {len(found.red) or 'All'}")

    right = train(net, train_split, steps=500, seed=1)
    changed = changed_step({gradient: wrong.code})
    run = train(net, train_split, steps=500, seed=1, slope=changed)
    print(f"with the wrong one the loss {fate(run, right)}, here it ends at {end_of(run):.3f}")
    print(f"mean loss of the last 100 batches with the right one: {end_of(right):.3f}")
