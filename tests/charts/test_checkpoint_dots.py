"""Names in the chart of checkpoints stand where they have room, also where losses lie far apart."""

import pandas as pd

from makemore.charts.losses.checkpoint_dots import checkpoint_dots

COLUMNS = ["checkpoint", "label", "parameters", "dev", "source"]
SHIPPED = [("bigram", "Bigram", 729, 2.45, "shipped"), ("mlp", "MLP", 11897, 2.09, "shipped")]
OF_A_LIST = [
    ("list/bigram", "Bigram (your list)", 1089, 2.76, "of your list"),
    ("list/bigram_nn", "Net (your list)", 1089, 2.20, "of your list"),
    ("list/mlp", "MLP (your list)", 13163, 7.32, "of your list"),
]


def told(rows: list[tuple[str, str, int, float, str]]) -> list[str]:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return [
        label
        for label in checkpoint_dots(frame, letters=27).datasets["checkpoints"]["told"]
        if label
    ]


def test_dots_half_a_nat_apart_both_have_their_name() -> None:
    assert told([*SHIPPED, OF_A_LIST[0]]) == ["Bigram", "MLP", "Bigram (your list)"]


def test_where_losses_span_five_nats_half_a_nat_is_no_room() -> None:
    names = told([*SHIPPED, *OF_A_LIST])
    assert "MLP (your list)" in names
    assert len({"Bigram", "Bigram (your list)", "Net (your list)"} & {*names}) == 1
