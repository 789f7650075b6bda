"""The steps of pages/scoreboard.py as notebooks: each function's body is one. Knows no page."""

from makemore.data.name_lists import NameList


def losses(names: NameList, models: str = "five") -> None:
    """Measure the dev losses of the five models, or of all that are shipped."""
    from math import exp, log

    from makemore.checkpoints.claims import check_claim
    from makemore.checkpoints.shipped import FIVE, SHIPPED
    from makemore.data.examples import Dataset
    from makemore.experiments.nets_of_lists import net_of

    measured = {}
    for key in FIVE if models == "five" else SHIPPED:
        net = net_of(key, names)
        measured[key] = check_claim(net, Dataset(names, net.vocabulary), "dev").measured
        print(f"{key} has a dev loss of {measured[key]:.4f}")

    print(f"lowest dev loss: {min(measured.values()):.4f}")
    print(f"perplexity: {exp(min(measured.values())):.2f}")
    print(f"uniform baseline: {log(len(net.vocabulary)):.4f}")


def seed_gaps() -> None:
    """Batch norm against the MLP without it, seed by seed, from the shipped study."""
    from makemore.diagnostics.losses.seed_effects import effect
    from makemore.experiments import studies

    runs = studies.read_whole("seed_spread")
    before, after = ([r.dev for r in runs if r.variant == key] for key in ("mlp", "mlp_bn"))
    found = effect(before, after)
    print(f"mean difference: {found.difference:+.4f} ± {found.error:.4f}")


def trade_offs(names: NameList, against: str = "parameters") -> None:
    """Which models no other one beats in both dev loss and parameters, or seconds of training."""
    import pandas as pd

    from makemore.checkpoints.shipped import FIVE, SHIPPED
    from makemore.data.sample_lists import OWN_LISTS
    from makemore.diagnostics.losses.pareto import on_front
    from makemore.experiments.nets_of_lists import net_of

    keys = FIVE if names.source in OWN_LISTS else SHIPPED
    about = {key: net_of(key, names).metadata for key in keys}
    frame = pd.DataFrame(
        [(key, each.parameters, each.seconds, each.losses["dev"]) for key, each in about.items()],
        columns=["model", "parameters", "seconds", "dev"],
    )
    costs = frame[against].astype(float).clip(lower=0.01)
    frame["front"] = on_front(costs, frame["dev"])
    print(frame.sort_values(against).to_string())

    print(f"on the front: {frame['front'].sum()} of {len(frame)}")


def repeated(names: NameList, models: str = "five") -> None:
    """The losses of models on dev names that stand in train too, and on the others."""
    import numpy as np

    from makemore.checkpoints.shipped import FIVE, SHIPPED
    from makemore.data.examples import Dataset
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    for key in FIVE if models == "five" else SHIPPED:
        net = net_of(key, names)
        said, dataset = net.metadata, Dataset(names, net.vocabulary)
        dev, train = dataset.names("dev"), set(dataset.names("train"))
        model = evaluation.judged_model(
            net.model,
            dataset,
            "dev",
            trained_on=said.trained_on,
            same_data=said.data_sha256 == names.sha256,
        )
        totals = evaluation.name_totals(model, net.vocabulary, dev).numpy()
        letters = np.array([len(each) + 1 for each in dev])
        too = np.array([each in train for each in dev])
        parts = {"all": too | True, "those that stand in train too": too, "the others": ~too}
        for what, chosen in parts.items():
            if chosen.any():
                print(f"{key} on {what}: {totals[chosen].sum() / letters[chosen].sum():.4f}")

    print(f"dev names that stand in train too: {too.sum():,}")


def paired(names: NameList, first: str = "mlp", second: str = "wavenet") -> None:
    """Two models on the same dev names, and the standard error of their difference over names."""
    import numpy as np

    from makemore.data.examples import Dataset
    from makemore.diagnostics.losses.paired import paired as compare
    from makemore.experiments.nets_of_lists import net_of
    from makemore.inference import evaluation

    totals = []
    for key in (first, second):
        net = net_of(key, names)
        dev = Dataset(names, net.vocabulary).names("dev")
        said = net.metadata
        model = evaluation.judged_model(
            net.model,
            Dataset(names, net.vocabulary),
            "dev",
            trained_on=said.trained_on,
            same_data=said.data_sha256 == names.sha256,
        )
        totals.append(evaluation.name_totals(model, net.vocabulary, dev).numpy())

    found = compare(totals[0], totals[1], np.array([len(each) + 1.0 for each in dev]))
    print(f"difference in dev loss: {found.difference:+.4f} ± {found.error:.4f}".replace("-", "−"))
