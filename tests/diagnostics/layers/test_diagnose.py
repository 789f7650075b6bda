"""A diagnosis finds what was made sick on purpose, says nothing of sound nets, and its repairs mend."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

import pytest

from makemore.checkpoints import store
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.data.sample_lists import read_sample
from makemore.data.vocabulary import Vocabulary
from makemore.diagnostics.layers.diagnose import RISEN, Finding, diagnose
from makemore.diagnostics.layers.repairs import BENDS, Repair, repaired
from makemore.inference.readings import read
from makemore.models.brick_kinds import KINDS
from makemore.training.recipes import recipe_for
from makemore.training.trainer import Trainer, probe
from makemore.training.trajectory import Recorder
from tests.conftest import Start
from tests.diagnostics.layers.sick_nets import SICK, SOUND, Case, bricks, recipe_of, stack, watch

SEED = 31


@pytest.mark.parametrize("label", SICK)
def test_what_is_sick_on_purpose_is_found(real: Dataset, label: str) -> None:
    """Also that every finding says by which number, beyond which threshold, and where."""
    wanted, case = SICK[label]
    looks = watch(case, real, SEED, steps=60)
    found = diagnose(looks)
    assert wanted in [each.name for each in found]
    assert len({each.name for each in found}) == len(found)
    for each in found:
        low = each.name in ("shrinking", "learning rate too low")
        assert (each.measured < each.threshold) if low else (each.measured > each.threshold)
        look = next(look for look in looks if look.step == each.step)
        assert each.layer in {"", *look.layers, *look.parameters}
        assert asdict(each)["repair"] == asdict(each.repair)


@pytest.mark.parametrize(
    "label", [label for label, case in SOUND.items() if case.recipe == "lecture"]
)
def test_a_sound_net_is_called_sound(real: Dataset, label: str) -> None:
    assert diagnose(watch(SOUND[label], real, SEED, steps=60)) == []


@pytest.mark.parametrize("label", ["MLP, fast", "bigram net, fast"])
def test_large_steps_of_other_optimizers_are_no_alarm(real: Dataset, label: str) -> None:
    assert diagnose(watch(replace(SOUND[label], steps=60), real, SEED)) == []


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_is_wrong_with_a_shipped_net(real: Dataset, name: str) -> None:
    """Though some are saturated: that is how trained nets end up."""
    checkpoint = store.load(name)
    assert checkpoint.trajectory is not None
    now = probe(checkpoint.model, real, step=checkpoint.metadata.step).snapshot
    found = [*diagnose([now]), *diagnose(checkpoint.trajectory.readings)]
    # The lecture's naive start is sick, and is shipped to show that.
    wanted = {"confidently wrong start", "saturated"} if name == "mlp_naive" else set()
    assert {each.name for each in found} <= wanted
    shares = [layer.flat for layer in read(now).layers.values() if layer.flat_ends == 2]
    if name == "mlp":
        assert max(shares) > 0.7


def mended(case: Case, finding: Finding) -> Case:
    """The same training with the repair that a finding offers."""
    recipe = recipe_of(case)
    after = repaired(finding.repair, case.model, case.settings, recipe.learning_rate)
    assert after is not None
    rate = case.rate * after.learning_rate / recipe.learning_rate
    of = case.of or case.model if after.model == case.model else after.model
    return replace(case, model=after.model, settings=after.settings, rate=rate, of=of)


# What spoils a net by hand is no setting, so no setting mends it.
BY_SETTING = [label for label, (_, case) in SICK.items() if case.spoil.__name__ == "_leave"]


@pytest.mark.parametrize("label", BY_SETTING)
def test_a_repair_mends_what_it_is_offered_for(real: Dataset, label: str) -> None:
    """One press after the other, each for the first finding; a deep net of sigmoids needs batch norm."""
    wanted, case = SICK[label]
    names = [wanted]
    for _ in range(4):
        found = diagnose(watch(case, real, SEED, steps=60))
        names = [each.name for each in found]
        offers = [each for each in found if can_be_offered(case, each)]
        if not offers:
            break
        case = mended(case, offers[0])
    assert wanted not in names
    assert names == []


def can_be_offered(case: Case, finding: Finding) -> bool:
    rate = recipe_of(case).learning_rate
    return repaired(finding.repair, case.model, case.settings, rate) is not None


TREE: dict[str, Any] = {"block_size": 3}
REPAIRS: list[tuple[Repair, str, dict[str, Any], Mapping[str, Any] | None]] = [
    (Repair("gain"), "mlp", {"hidden_init": "naive"}, {"hidden_init": "kaiming"}),
    (Repair("gain"), "mlp", {}, None),
    (Repair("logits_scale"), "mlp", {"logits_init": "naive"}, {"logits_init": "small"}),
    (Repair("logits_scale"), "wavenet", {}, None),
    (Repair("batch_norm"), "mlp", {"hidden": 50}, {"hidden": 50, "eps": 1e-5}),
    (Repair("gain"), "bricks", stack(2, 0.3), {"gain": 5 / 3}),
    (Repair("gain"), "bricks", stack(2, 9, activation="ReLU"), {"gain": 2**0.5}),
    (Repair("logits_scale"), "bricks", stack(2, 1, logits_scale=4), {"logits_scale": 0.1}),
    (Repair("batch_norm"), "bricks", stack(2, 1), {"bricks": stack(2, 1, norm=True)["bricks"]}),
    (Repair("batch_norm"), "bricks", stack(2, 1, norm=True), None),
    (Repair("gain"), "mlp_bn", {}, None),
]  # fmt: skip


@pytest.mark.parametrize(("repair", "model", "settings", "changes"), REPAIRS)
def test_a_repair_changes_one_setting(
    repair: Repair, model: str, settings: dict[str, Any], changes: Mapping[str, Any] | None
) -> None:
    after = repaired(repair, model, settings, 0.25)
    if changes is None:
        assert after is None
        return
    assert after is not None
    assert changes.items() <= after.settings.items()
    assert after.model == ("mlp_bn" if "eps" in changes else model)
    assert after.learning_rate == 0.25
    assert str(repair)


@pytest.mark.parametrize("model", ["bigram_nn", "mlp", "mlp_bn", "wavenet"])
def test_the_learning_rate_of_any_model_can_be_changed(model: str) -> None:
    after = repaired(Repair("learning_rate", 0.01), model, {}, 50.0)
    assert after is not None
    assert (after.model, after.learning_rate) == (model, 0.5)


def test_there_is_a_gain_for_every_activation_among_the_bricks() -> None:
    assert set(BENDS) == {"Tanh", "Sigmoid", "ReLU", "LeakyReLU", "ELU"} <= set(KINDS)


def test_nothing_is_known_of_nothing() -> None:
    assert diagnose([]) == []


def test_counting_is_never_sick(start: Start, few: Dataset) -> None:
    model = start("bigram").model
    assert diagnose([probe(model, few, step=0).snapshot]) == []


def test_a_single_look_at_the_end_tells_what_it_can(real: Dataset) -> None:
    """Nothing of a start and of speeds; but of layers against each other, and of dead neurons."""
    shrunk = watch(bricks(stack(5, 0.5), steps=10), real, SEED)[-1]
    assert [each.name for each in diagnose([shrunk])] == ["shrinking"]
    wrong = watch(SICK["naive MLP, logits"][1], real, SEED)[-1]
    assert diagnose([wrong]) == []


def test_a_net_that_is_trained_further_has_no_start(real: Dataset) -> None:
    checkpoint = store.load("mlp")
    look = read(probe(checkpoint.model, real, step=0).snapshot)
    assert look.layers["tanh"].flat > 0.7
    assert diagnose([look]) == []


def test_learning_a_short_list_by_heart_is_no_learning_rate_too_high() -> None:
    """Its few dev names are told far worse than by guessing then, which is no matter of the rate."""
    names = read_sample("greek").to_list()
    dataset = Dataset(names, Vocabulary.of(names.names))
    recipe = recipe_for("fast", "mlp", steps=12)
    recorder = Recorder()
    trainer = Trainer.start("mlp", dataset, recipe, seed=SEED)
    for event in trainer.events(12, evaluate_at={0, 12}, probe_at={0, 4, 12}):
        recorder.add(event)
    trajectory = recorder.trajectory()
    first, last = trajectory.evaluated["dev"].tolist()
    assert last > first + RISEN
    assert trajectory.readings[-1].loss < trajectory.evaluated["train"][0] - 1
    assert diagnose(trajectory.readings) == []
