"""How far updates move parameters: for plain descent the rate times the gradient, whoever looks."""

import pytest
import torch
import torch.nn.functional as F

from makemore.models import MODELS, Bigram
from makemore.training.events import Kept, Probed
from makemore.training.recipes import RECIPES
from tests.conftest import Start

LEARNING = [name for name, model in MODELS.items() if not issubclass(model, Bigram)]


@pytest.mark.parametrize("model", LEARNING)
def test_plain_descent_moves_by_the_rate_times_the_gradient(start: Start, model: str) -> None:
    trainer, twin = (start(model, learning_rate=0.3, batch_size=0) for _ in range(2))
    list(twin.events(until=4))
    twin.model.train().zero_grad()
    loss = F.cross_entropy(twin.model(twin.examples.contexts), twin.examples.targets)
    loss.backward()
    [seen] = [e for e in trainer.events(until=5, probe_at=[5]) if isinstance(e, Probed)]
    for name, parameter in twin.model.named_parameters():
        assert parameter.grad is not None
        wanted = 0.3 * float(parameter.grad.std())
        assert seen.snapshot.updates[name] == pytest.approx(wanted, rel=1e-3, abs=1e-8)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("model", LEARNING)
def test_every_recipe_is_measured_by_its_weights(start: Start, recipe: str, model: str) -> None:
    trainer = start(model, recipe=recipe, steps=6, generations=1)
    weights = {e.step: e.weights for e in trainer.events(keep_at=range(7)) if isinstance(e, Kept)}
    watched = start(model, recipe=recipe, steps=6, generations=1)
    for event in watched.events(keep_at=[0, 3, 4], probe_at=[4, 6]):
        if isinstance(event, Kept | Probed):
            found = event.updates if isinstance(event, Kept) else event.snapshot.updates
            now, before = weights[event.step], weights.get(event.step - 1)
            names = [name for name, _ in watched.model.named_parameters()] if before else []
            assert list(found) == names
            for name in names:
                assert before is not None
                change = (now[name] - before[name]).double().numpy()
                assert found[name] == pytest.approx(change.std(ddof=1), rel=1e-4, abs=1e-9)


def test_a_new_generation_is_no_update(start: Start) -> None:
    trainer = start("wavenet", recipe="best", steps=6, generations=3)
    kept = [event for event in trainer.events(keep_at=range(7)) if isinstance(event, Kept)]
    assert [bool(event.updates) for event in kept] == [0, 1, 1, 0, 1, 0, 1]  # 3 generations of 2


def test_after_going_back_nothing_is_known_of_the_last_update(start: Start) -> None:
    trainer = start("mlp")
    list(trainer.events(until=3, probe_at=[3]))
    assert trainer.probe().snapshot.updates
    trainer.restore(trainer.state())
    assert trainer.probe().snapshot.updates == {}
    assert torch.equal(trainer.state()["step"], torch.tensor(3))
