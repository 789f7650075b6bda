"""The steps of pages/home.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def in_and_out(names: NameList, name: str, seed: int = 42) -> None:
    """What each of the five gives the letters of the name, and names that the best one makes up."""
    from makemore.checkpoints.shipped import FIVE
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation, sampling

    nets = {key: net_of(key, names) for key in FIVE}
    for key, net in nets.items():
        (score,) = evaluation.score(net.model, net.vocabulary, [name])
        for each in score.letters:
            print(f"{key}, {each.letter} after {each.context} has p = {each.probability:.2%}")
        print(f"{key}, mean loss: {score.nll:.3f}")

    best = min(nets, key=lambda key: nets[key].metadata.losses["dev"])
    drawn = sampling.sample(nets[best].model, nets[best].vocabulary, 12, seed=seed, max_length=20)
    print(f"{best} makes up: {', '.join(drawn)}")


def scoreboard(names: NameList, models: str = "five") -> None:
    """Measure the dev losses of the five models, or of all that are shipped."""
    from math import exp, log

    from makemore.checkpoints.claims import check_claim
    from makemore.checkpoints.shipped import FIVE, SHIPPED
    from makemore.data.examples import Dataset
    from makemore.experiments.nets_of_lists import net_of

    losses = {}
    for key in FIVE if models == "five" else SHIPPED:
        net = net_of(key, names)
        losses[key] = check_claim(net, Dataset(names, net.vocabulary), "dev").measured
        print(f"{key} has a dev loss of {losses[key]:.4f}")

    print(f"lowest dev loss: {min(losses.values()):.4f}")
    print(f"perplexity: {exp(min(losses.values())):.2f}")
    print(f"uniform baseline: {log(len(net.vocabulary)):.4f}")
