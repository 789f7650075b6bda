"""The names of counts and net from the same noise: the draws, how many agree, and what the page says of it."""

import pytest
import torch
from torch import Generator, Tensor

from makemore.diagnostics.letters import bigram_net
from makemore.experiments.nets_of_lists import net_with_logits
from makemore.models import LanguageModel
from makemore.ui.kit import chosen_list
from makemore.ui.kit.drawn_names import COUNT, LONGEST, draw_names
from tests.lessons.bigram.test_bigram_page import figures, spec_data
from tests.pages.opening import charts, opened

SEEDS = 100
MOMENTS = ("20", "200", "all")
# Measured over the seeds 0 to 99, of 20 names each.
MEANS = {"20": 8.70, "200": 17.83, "all": 20.0}


def net_after(moment: str) -> LanguageModel:
    about = chosen_list.shipped_list()
    return about.net if moment == "all" else net_with_logits(about.moments[int(moment)])


def table_of(net: LanguageModel) -> Tensor:
    return chosen_list.logits_of(net).softmax(dim=1)


def race(table: Tensor, seed: int) -> list[str]:
    """Twenty names drawn by hand: each probability by exponential noise, and the largest wins."""
    letters, names = chosen_list.shipped_list().vocabulary.letters, []
    for own in torch.randint(2**32, (COUNT,), generator=Generator().manual_seed(seed)).tolist():
        generator, name, row = Generator().manual_seed(own), "", 0
        while len(name) < LONGEST:
            noise = torch.empty(len(table)).exponential_(generator=generator)
            row = int((table[row] / noise).argmax())
            if not row:
                break
            name += letters[row]
        names.append(name)
    return names


def agreeing(one: list[str], other: list[str]) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_names_that_agree_over_many_seeds(moment: str) -> None:
    about, net = chosen_list.shipped_list(), net_after(moment)
    counting, learned = about.bigram(0), table_of(net)
    found = []
    for seed in range(SEEDS):
        both = race(counting.probabilities, seed), race(learned, seed)
        assert both == (draw_names(counting, about, seed), draw_names(net, about, seed))
        found.append(agreeing(*both))
    assert sum(found) / SEEDS == pytest.approx(MEANS[moment], abs=1e-9)
    chance = COUNT * bigram_net.same_name_chance(counting.probabilities, learned, LONGEST)
    error = float(torch.tensor(found).double().std()) / SEEDS**0.5
    assert abs(chance - MEANS[moment]) < 3 * error + 1e-3


def three_letters(seed: int) -> Tensor:
    """A first draw from three letters; whatever comes, the name then ends."""
    ends = torch.tensor([1.0, 0, 0], dtype=torch.float64)
    first = torch.rand(3, generator=Generator().manual_seed(seed), dtype=torch.float64)
    return torch.stack([first / first.sum(), ends, ends])


@pytest.mark.parametrize("seed", range(4))
def test_the_chance_of_the_same_name_is_that_of_many_races(seed: int) -> None:
    one, other = three_letters(seed), three_letters(seed + 10)
    noise = torch.empty(400_000, 3, dtype=torch.float64)
    noise.exponential_(generator=Generator().manual_seed(1))
    same = ((one[0] / noise).argmax(1) == (other[0] / noise).argmax(1)).double().mean()
    chance = bigram_net.same_name_chance(one, other, LONGEST)
    assert chance == pytest.approx(float(same), abs=0.004)
    assert bigram_net.same_name_chance(other, one, LONGEST) == pytest.approx(chance, abs=1e-12)


def test_the_chance_of_the_same_name_at_its_ends() -> None:
    table = chosen_list.shipped_list().bigram(0).probabilities
    assert bigram_net.same_name_chance(table, table, LONGEST) == pytest.approx(1, abs=1e-12)
    first = torch.tensor([[0.0, 1, 0], [1, 0, 0], [1, 0, 0]])
    assert bigram_net.same_name_chance(first, first[:, [0, 2, 1]], LONGEST) == 0


def test_the_page_counts_the_same_names_and_what_is_to_be_expected() -> None:
    app = opened("bigram_nn.py", step="7")
    shown = {"all": "20.0 of 20", "200": "17.9 of 20", "20": "8.4 of 20"}
    about = chosen_list.shipped_list()
    counted = race(about.bigram(0).probabilities, 14)
    for moment, expected in shown.items():
        app.segmented_control(key="same_seed_after").set_value(moment).run()
        learned = race(table_of(net_after(moment)), 14)
        same = agreeing(counted, learned)
        assert figures(app)["The same names"] == f"{same} of 20"
        assert figures(app)["On average over seeds"] == expected
        assert f"{same} of them the same" in charts(app)[0]


def test_tiles_are_framed_from_where_the_names_part() -> None:
    tiles = bigram_net.name_tiles(["emma", "a", "abcdef"], ["emil", "a", "abcdez"], 4)

    def of(row: int, side: str) -> tuple[str, str]:
        part = tiles[(tiles["row"] == row) & (tiles["side"] == side)]
        assert part["place"].tolist() == list(range(1, len(part) + 1))
        marks = "".join("x" if parted else "-" for parted in part["parted"])
        return "".join(part["letter"]), marks

    assert of(1, "counted") == ("emma.", "--xxx")
    assert of(1, "learned") == ("emil.", "--xxx")
    assert of(2, "learned") == ("a.", "--")
    assert of(3, "counted") == ("abcd…", "----x")  # they part in what the ellipsis stands for


def test_both_sides_of_the_tiles_are_the_names() -> None:
    app = opened("bigram_nn.py", step="7", seed="3")
    rows = spec_data(app, 0, "tiles")
    names = race(chosen_list.shipped_list().bigram(0).probabilities, 3)
    for number, name in enumerate(names, 1):
        for side in ("counted", "learned"):
            drawn = [r["letter"] for r in rows if (r["row"], r["side"]) == (number, side)]
            assert "".join(drawn).rstrip("…") == f"{name}."[: len("".join(drawn).rstrip("…"))]
            assert len(drawn) == min(len(name) + 1, 15)
    left = {r["column"] for r in rows if r["side"] == "counted"}
    assert max(left) < min(r["column"] for r in rows if r["side"] == "learned")
