"""The steps of pages/bricks.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def stack(names: NameList, bricks: str) -> None:
    """Lay the bricks, and say what each makes of the shape before it."""
    from makemore.data.vocabulary import Vocabulary
    from makemore.models import brick_stack

    letters = len(Vocabulary.of(names.names))
    laid = brick_stack.laid(brick_stack.parse(bricks), 8, letters)
    for each in laid:
        print(f"{each.brick} makes {each.before} to {each.after}")

    print(f"parameters: {sum(each.weights for each in laid):,}")


def ladder(look: str = "models") -> None:
    """The dev losses of flat nets and trees, measured now; or trees over longer and longer contexts."""
    from itertools import pairwise

    from makemore.checkpoints.claims import check_claim
    from makemore.data.examples import Dataset
    from makemore.data.name_lists import load_names
    from makemore.diagnostics.losses.seed_effects import effect
    from makemore.experiments import studies
    from makemore.experiments.nets_of_lists import find_net

    if look == "models":
        for key in ("mlp_bn", "mlp_bn_8", "wavenet_22k_bug", "wavenet_22k", "wavenet"):
            net = find_net(key)
            claim = check_claim(net, Dataset(load_names(), net.vocabulary), "dev")
            print(f"{key} has parameters: {net.metadata.parameters:,}")
            print(f"{key}, dev loss: {claim.measured:.3f}")
    else:
        runs = studies.read_whole("context_ladder")
        for before, after in pairwise(studies.AS_MANY):  # as many parameters
            losses = [
                [r.dev for r in runs if r.variant == studies.ladder_variant(n, studies.AS_MANY[n])]
                for n in (before, after)
            ]
            found = effect(*losses)
            print(f"from {before} letters to {after}: {found.difference:+.4f} ± {found.error:.4f}")


def options(options: str = "") -> None:
    """The chosen options of the shipped study against the plain tree."""
    from makemore.diagnostics.losses.seed_effects import effect
    from makemore.experiments import studies

    runs = studies.read_whole("options")
    plain = [r.dev for r in runs if r.variant == "plain"]
    for variant in dict.fromkeys(r.variant for r in runs if r.variant != "plain"):
        word = variant.replace(",", "").replace(" ", "-")  # as the link says it
        if not options or word in options.split("."):
            found = effect(plain, [r.dev for r in runs if r.variant == variant])
            print(f"{variant}: {found.difference:+.4f} ± {found.error:.4f}")
