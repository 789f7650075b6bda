"""What a wrong formula does to the checks, asked before it is shown. Knows no training."""

from collections.abc import Sequence

from makemore.by_hand.backprop import ENTRIES
from makemore.by_hand.wrong_formula import Wrong
from makemore.by_hand.wrong_gradients import WRONG, Wreck
from makemore.ui.kit.predict import ask_to_predict

FEW = 6  # names that are listed


def made_from(name: str) -> set[str]:
    """The values whose gradients are made from that of this one: all that it was made of."""
    found: set[str] = set()
    for other in ENTRIES[name].inputs:
        found |= {other} | made_from(other)
    return found


def outcomes(wrong: Wrong) -> dict[str, str]:
    """What can become of the checks, in words."""
    several = {
        "some": f"d{wrong.name} and some of those made from it",
        "all": f"d{wrong.name} and all that are made from it",
    }
    return {
        "none": "none: all checks pass",
        "itself": f"d{wrong.name} alone",
        **(several if made_from(wrong.name) else {}),
        "refused": "torch refuses the shapes, and the walk ends",
    }


def outcome(wrong: Wrong, broken: Wreck) -> str:
    """Which of these it is, as measured."""
    red = set(broken.red)
    if broken.refusal:
        return "refused"
    if not red:
        return "none"
    if red == {wrong.name}:
        return "itself"
    return "all" if red == made_from(wrong.name) | {wrong.name} else "some"


def ask_checks(wrong: Wrong, broken: Wreck) -> bool:
    """Predict which checks turn red; True once that may be seen."""
    words, right = outcomes(wrong), outcome(wrong, broken)
    told = tell_checks(wrong, broken)
    if broken.refusal:
        told = f"torch says: “{broken.refusal}”."
    why = {
        "none": "Then the formula would come to the same numbers.",
        "itself": "Then nothing behind it would be made from these numbers, or they would do no harm there.",
        "some": "Then the slip would cancel out somewhere on the way back.",
        "all": "Every gradient that is made from these numbers would have to come out wrong.",
        "refused": "For that the sizes would have to fit neither as they are nor by broadcasting.",
    }
    choices = {words[key]: why[key] for key in words}
    choices[words[right]] = f"{told} {wrong.meaning}"
    number = WRONG[wrong.name].index(wrong)
    return ask_to_predict(
        "the graph shows all checks as they are with the right formula. With the other one in its "
        "place, which fail?",
        choices,
        answer=words[right],
        key=f"break_{wrong.name}_{number}",
    )


def tell_checks(wrong: Wrong, broken: Wreck) -> str:
    """How many fail, and which; of many rather which do not."""
    red = broken.red
    if not red:
        return f"All {len(broken.checks)} checks pass."
    told = f"Of {len(broken.checks)} checks {len(red)} fail"
    if len(red) <= FEW:
        return f"{told}: {_list(red)}."
    spared = [name for name in reversed(ENTRIES) if name in made_from(wrong.name) - set(red)]
    return (
        f"{told}; of what is made from it {_list(spared)} still agrees." if spared else f"{told}."
    )


def _list(names: Sequence[str]) -> str:
    return ", ".join(f"d{name}" for name in names)
