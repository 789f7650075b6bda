"""What the page of the counts says in words: each number, against a count of the names by hand."""

import math
from collections import Counter
from functools import cache
from itertools import pairwise

import pytest

from makemore.data.examples import Dataset
from makemore.data.name_lists import NameList
from tests.pages.opening import opened

Counts = Counter[tuple[str, str]]


@cache
def counted(names: tuple[str, ...]) -> Counts:
    return Counter(pair for name in names for pair in pairwise(f".{name}."))


def said(step: int) -> str:
    """All that a step says before anything is done."""
    return " ".join(m.value for m in opened("bigram.py", step=str(step)).markdown)


def feedback(step: int, key: str, choice: str | None) -> str:
    """What the learner is told who commits to this choice, or asks to be shown."""
    app = opened("bigram.py", step=str(step))
    if choice is None:
        app.button(key=f"{key}_show").click().run()
    else:
        app.radio(key=key).set_value(choice).run()
        app.button(key=f"{key}_commit").click().run()
    return " ".join(box.value for box in [*app.info, *app.success])


def loss(pairs: Counts, seen: Counts) -> float:
    """Mean NLL of the pairs under the counts of others, 1 added to each of 27 letters."""
    rows: Counter[str] = Counter()
    for (first, _), number in seen.items():
        rows[first] += number
    total = sum(
        -number * math.log((seen[first, second] + 1) / (rows[first] + 27))
        for (first, second), number in pairs.items()
    )
    return total / sum(pairs.values())


def test_two_percent_of_the_pairs_bring_most_of_the_way(real: Dataset) -> None:
    dev = counted(real.names("dev"))
    pairs = [pair for name in real.names("all") for pair in pairwise(f".{name}.")]
    few = Counter(pairs[: 2 * len(pairs) // 100])
    rest = counted(real.names("train")) + counted(
        real.names("test")
    )  # all but what it is judged on
    assert [round(loss(dev, seen), 2) for seen in (Counter(), few, rest)] == [3.30, 2.52, 2.45]
    assert "first 2 % of the pairs" in said(7)
    assert "from 3.30 to 2.52, the other 98 % from there to 2.45" in said(7)


def test_the_share_of_drawn_names_that_stand_in_the_list(real: Dataset) -> None:
    """Exactly: the sum of the probabilities of all its names."""
    names: NameList = real.name_list
    pairs = counted(names.names)
    rows: Counter[str] = Counter()
    for (first, _), number in pairs.items():
        rows[first] += number
    known = set(names.names)
    drawn = sum(
        math.prod(pairs[pair] / rows[pair[0]] for pair in pairwise(f".{name}.")) for name in known
    )
    uniform = sum(27.0 ** -(len(name) + 1) for name in known)
    assert (f"{drawn:.0%}", f"{uniform:.1%}") == ("11%", "0.4%")
    assert "11 % of what the counts draw" in said(6)
    assert "0.4 % of what uniform probabilities draw" in said(6)


@pytest.mark.parametrize("seed", ["14", "7", "0", "9999"])
def test_counts_and_net_draw_the_same_names(seed: str) -> None:
    app = opened("bigram.py", step="6", seed=seed)
    lists = [m.value for m in app.markdown if m.value.count("badge[") == 20]
    assert len(lists) == 3
    assert lists[0] == lists[1] != lists[2]
    assert any("draw **20** of 20 names alike" in m.value for m in app.markdown)


def test_step_6_counts_the_known_names(real: Dataset) -> None:
    app = opened("bigram.py", step="6")
    lists = [m.value for m in app.markdown if m.value.count("badge[") == 20]
    known = [each.count(":material/bookmark:") for each in lists]
    [told] = [m.value for m in app.markdown if "in the list (" in m.value]
    labels = ("Counted", "Trained net", "Uniform")
    assert all(f"{label}: **{n}**" in told for label, n in zip(labels, known, strict=True))


def test_the_first_letters_answer_by_choice(real: Dataset) -> None:
    starts = Counter(name[0] for name in real.name_list.names)
    order = [letter for letter, _ in starts.most_common(4)]
    right = f"{starts['a']:,} of the 32,033 names start with it, more than with any other."
    assert feedback(5, "bigram_first", "a") == f"**a** is right. {right}"
    assert feedback(5, "bigram_first", None) == f"It is **a**. {right}"
    for place, letter in enumerate(order[1:], 2):
        told = feedback(5, "bigram_first", letter)
        assert told == (
            f"You said **{letter}**: {letter} starts {starts[letter]:,} names, place {place}; a starts "
            f"{starts['a']:,}, the most. It is **a**."
        )


def test_the_rarest_row_answers_by_choice(real: Dataset) -> None:
    pairs = counted(real.name_list.names)
    row = {second: number for (first, second), number in pairs.items() if first == "q"}
    total = sum(row.values())
    key = next(r.key for r in opened("bigram.py", step="4").radio)
    assert key
    assert feedback(4, key, "u").startswith(
        f"**u** is right. It follows q in {row['u']} of {total} cases"
    )
    for choice, letter in (("a", "a"), ("i", "i"), ("the dot", ".")):
        assert feedback(4, key, choice) == (
            f"You said **{choice}**: {choice} follows q in {row[letter] / total:.1%} of the {total} "
            f"cases, u in {row['u'] / total:.1%}. It is **u**."
        )


def test_the_whole_list_beside_the_name(real: Dataset) -> None:
    pairs = counted(real.name_list.names)
    whole = loss(pairs, pairs)
    told = next(
        c.value for c in opened("bigram.py", step="2").caption if "geometric mean" in c.value
    )
    assert f"the loss is {whole:.4f}, a perplexity of {math.exp(whole):.1f}" in told
    assert f"{math.exp(-whole):.1%} is the geometric mean" in told
    emma = counted(("emma",))
    assert f"likelihood of emma, {math.exp(-5 * loss(emma, pairs)):.1e}" in told


def test_the_loss_of_no_end_of_k() -> None:
    for choice in ("1/27", "0", "infinite"):
        told = feedback(3, "uniform_loss_27", choice)
        assert told.startswith(f"You said **{choice}**: ")
        assert told.endswith(f"It is **{math.log(27):.4f}**.")
    assert feedback(3, "uniform_loss_27", "3.2958").startswith(
        "**3.2958** is right. −ln 1/27 = ln 27"
    )
