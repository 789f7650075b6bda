"""Wherever a page shows a trained net, the learner can look at one of their own; others say why not."""

import pytest
from streamlit.testing.v1 import AppTest

from makemore.checkpoints.shipped import SHIPPED
from makemore.ui.kit.own_checkpoints import SHELF
from tests.checkpoints.forging import with_json
from tests.pages.opening import charts, opened
from tests.ui.kit.own_shelf import shelf, shipped_files

ALPHABET = "bcdefghijklmnopqrstuvwxyzß"
# Page, step, key of the box, the shipped net that stands for one of the learner's own, what does not fit.
PLACES = [
    ("mlp", "3", "mlp_2d_net", "mlp_bn_8", "it has no embedding"),
    ("mlp", "1", "mlp_window_net", "mlp_bn_8", "it has no embedding"),
    ("mlp", "4", "mlp_wide_net", "mlp_bn_wide", "its embedding dimension is 2"),
    ("mlp", "7", "mlp_drawn", "wavenet_4", "it has no embedding"),
    ("batch_norm", "1", "norm_net", "mlp_bn_8", "it has 3 batch norms"),
    ("batch_norm", "3", "norm_net", "mlp_bn_8", "it has 3 batch norms"),
    ("batch_norm", "4", "norm_net", "mlp_bn_8", "it has 3 batch norms"),
    ("batch_norm", "7", "mlp_bn_drawn", "mlp_naive", "it has no embedding"),
    ("wavenet", "1", "tree_checkpoint", "wavenet_22k_bug", "it is no fusion tree"),
    ("wavenet", "7", "tree_drawn", "wavenet_4", "it is no fusion tree"),
]


def told(app: AppTest) -> str:
    return " ".join(each.value for each in app.markdown).replace("\\", "")


@pytest.mark.parametrize(("page", "step", "key", "like", "why"), PLACES)
def test_one_of_ones_own_takes_the_place_of_the_shipped_one(
    page: str, step: str, key: str, like: str, why: str
) -> None:
    app = opened(f"{page}.py", step=step, name="isabella")
    files = shipped_files(like)
    app.session_state[SHELF] = shelf(mine=files, other=with_json(files, vocabulary=ALPHABET))
    app.run()
    for view in ("norm_view", "running_net"):  # begin with a start
        for switch in app.segmented_control:
            if switch.key == view:
                switch.set_value("trained").run()
    app.session_state[f"{key}_misfits"] = True  # open
    app.run()
    before = charts(app), told(app), [each.value.to_dict() for each in app.table]
    box = app.selectbox(key=key)
    assert "mine (own)" in box.options
    assert "other (own)" not in box.options
    assert why in told(app)
    assert "other (own): it is over another alphabet than the list: it lacks a" in told(app)
    labels = [each.proto.popover.label for each in app.get("popover")]
    assert any(label.endswith("fit here, 1 of your own") for label in labels)
    box.set_value("own/mine").run()
    assert not app.exception
    assert app.query_params["checkpoint"] == "own"
    assert before != (charts(app), told(app), [each.value.to_dict() for each in app.table])
    del app.session_state[SHELF].kept["mine"]
    app.run()
    assert not app.exception
    assert app.selectbox(key=key).value in SHIPPED  # what is gone is no longer looked at
