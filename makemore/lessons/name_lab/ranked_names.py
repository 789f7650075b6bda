"""What every name of the list costs each model, worked out beside the page, and a name's rank. Draws nothing."""

from functools import partial

from makemore.checkpoints.store import Checkpoint
from makemore.diagnostics.letters.standings import Standings
from makemore.inference import evaluation
from makemore.inference.evaluation import NameScore
from makemore.ui.kit.ask_beside import ask_beside, prepare_beside
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.side_by_side import Model
from makemore.ui.sources.kept import identity, kept_per_checkpoint

KEPT = 512  # names of all visitors


@kept_per_checkpoint(most=KEPT)
def score_name(checkpoint: Checkpoint, name: str) -> NameScore:
    """What the model thinks of the name, letter by letter."""
    (score,) = evaluation.score(checkpoint.model, checkpoint.vocabulary, [name])
    return score


def scores_of(models: list[Model], name: str) -> dict[str, NameScore]:
    """The name's score by each model's label."""
    return {model.label: score_name(model.checkpoint, name) for model in models}


def standings_of(about: ChosenList, checkpoint: Checkpoint) -> Standings | None:
    """How surprising every name of the list is to the model; None until that is worked out."""
    return ask_beside(about, _key(checkpoint), partial(rank_all, about, checkpoint))


def prepare_standings(about: ChosenList, checkpoint: Checkpoint) -> None:
    """Have it worked out before anybody asks."""
    prepare_beside(about, _key(checkpoint), partial(rank_all, about, checkpoint))


def _key(checkpoint: Checkpoint) -> tuple[str, str]:
    return "standings", identity(checkpoint)


def rank_all(about: ChosenList, checkpoint: Checkpoint) -> Standings:
    """The mean NLL of every distinct name of the list, now: a tenth of a second to one for 30,000."""
    places = places_of(about)
    totals = evaluation.name_totals(checkpoint.model, checkpoint.vocabulary, tuple(places))
    return Standings(places, totals.numpy())


def places_of(about: ChosenList) -> dict[str, int]:
    """Every name of the list once, and its place among them."""
    return about.kept(
        "places", lambda: {name: i for i, name in enumerate(dict.fromkeys(about.names))}
    )
