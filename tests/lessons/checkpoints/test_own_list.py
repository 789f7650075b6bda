"""On a list of one's own the page has the nets of that list beside the shipped ones, and opens both whole."""

import pytest
import torch
from streamlit.testing.v1 import AppTest

from makemore.checkpoints import store, uploads
from makemore.checkpoints.shipped import SHIPPED
from makemore.data.examples import Dataset
from makemore.data.name_lists import parse_names
from makemore.inference import evaluation
from makemore.ui.kit import chosen_list, own_checkpoints, reachable
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.sources import loaded
from tests.lessons.checkpoints.visits import PAGE, STEPS, table, told
from tests.pages.opening import charts, opened

GREEK = "λαμδα αλφα βητα γαμμα δελτα ζητα θητα ιωτα καππα ομεγα σιγμα ταυ"
LATIN = "anna bea carla dora emma fiona gerda hanna ina jana kira lena"


@pytest.fixture(scope="module")
def lists() -> dict[str, ChosenList]:
    """Both, with the nets that take no waiting."""
    words = {"greek": GREEK, "latin": LATIN}
    made = {key: parse_names(text.replace(" ", "\n"), "mine") for key, text in words.items()}
    return {key: ChosenList(names, own=True) for key, names in made.items()}


def opened_with(about: ChosenList, step: str, **link: str) -> AppTest:
    app = opened(PAGE, step=step, **link)
    app.session_state[chosen_list.KEPT] = about
    return app.run()


def look_at(app: AppTest, key: str) -> AppTest:
    return app.selectbox(key="looked_at").set_value(key).run()


def test_the_nets_of_the_list_stand_in_the_table(lists: dict[str, ChosenList]) -> None:
    app = opened_with(lists["greek"], "1")
    rows = app.dataframe[0].value.set_index("checkpoint")
    labels = [SHIPPED[name].label for name in ("bigram", "bigram_nn")]
    assert list(rows.index[:3]) == [f"{label} (your list)" for label in labels] + labels[:1]
    assert len(rows) == len(SHIPPED) + 2
    net = lists["greek"].checkpoint("bigram_nn").metadata
    row = rows.to_dict("index")[f"{labels[1]} (your list)"]
    assert row["dev loss"] == net.losses["dev"]
    assert row["data"] == net.data
    assert rows["size, kB"].isna().tolist() == [True] * 2 + [False] * len(SHIPPED)


@pytest.mark.parametrize("key", ["wavenet", "bigram_nn", "list/bigram_nn"])
@pytest.mark.parametrize("step", STEPS)
def test_each_step_opens_each_net_on_a_list_in_other_letters(
    step: str, key: str, lists: dict[str, ChosenList]
) -> None:
    app = look_at(opened_with(lists["greek"], step), key)
    assert not app.exception
    assert not app.error
    assert app.session_state["looked_at"] == key
    if key == "wavenet" or step != "4":  # a bigram has no layers
        assert charts(app)
    if step in "2567" and not key.startswith("list/"):
        assert "easured on the course's list" in told(app).replace("Measured here", "Measured")


def test_the_losses_of_a_shipped_one_hold_on_its_own_list(lists: dict[str, ChosenList]) -> None:
    app = look_at(opened_with(lists["greek"], "2"), "mlp")
    said = loaded.checkpoint("mlp").metadata.losses
    rows = table(app, "measured")
    assert rows["measured"].tolist() == [f"{said[split]:.4f}" for split in ("dev", "test")]
    assert "on your list" not in rows.columns
    assert "Measured here on the course's list, they are what it says." in told(app)


def test_where_it_reads_the_list_its_loss_there_stands_beside(
    lists: dict[str, ChosenList],
) -> None:
    app = look_at(opened_with(lists["latin"], "2"), "mlp")
    mlp = loaded.checkpoint("mlp")
    examples = Dataset(lists["latin"].name_list, mlp.vocabulary).examples("dev", 3)
    rows = table(app, "measured").set_index("loss").to_dict("index")
    assert rows["dev"]["on your list"] == f"{evaluation.loss(mlp.model, examples):.4f}"
    assert rows["dev"]["measured"] == f"{mlp.metadata.losses['dev']:.4f}"


def test_a_shipped_net_trains_further_on_the_list(lists: dict[str, ChosenList]) -> None:
    app = look_at(opened_with(lists["latin"], "6"), "mlp")
    assert "Trained and measured on your list, mine." in told(app)
    app.number_input(key="further_lecture_steps").set_value(1).run()
    app.button(key="further_play").click().run()
    run = app.session_state["further_run"]
    assert run.handle.wait(lambda state: state.over, 60)
    mlp = loaded.checkpoint("mlp")
    examples = Dataset(lists["latin"].name_list, mlp.vocabulary).examples("dev", 3)
    first = run.handle.snapshot().evaluated[0].dev
    assert first == pytest.approx(evaluation.loss(mlp.model, examples), abs=1e-5)


def test_nets_that_read_no_list_together_are_not_held_side_by_side(
    lists: dict[str, ChosenList],
) -> None:
    app = look_at(opened_with(lists["greek"], "7"), "list/bigram_nn")
    options = app.selectbox(key="compared_with").options
    assert options == [f"{SHIPPED[name].label} (your list)" for name in ("bigram", "bigram_nn")]
    labels = [each.proto.popover.label for each in app.get("popover")]
    assert f"{len(SHIPPED)} do not fit here" in labels
    app.button(key="two_where_show").click().run()
    loss = lists["greek"].checkpoint("bigram_nn").metadata.losses["dev"]
    assert table(app, "dev loss")["dev loss"].tolist()[1] == f"{loss:.4f}"
    look_at(app, "wavenet")
    assert app.selectbox(key="compared_with").value == "mlp"
    assert "emma through both" in " ".join(each.value for each in app.subheader)


def test_a_net_of_the_list_is_handed_out_as_files_that_load(lists: dict[str, ChosenList]) -> None:
    net = reachable.nets_of_list(lists["greek"])["list/bigram_nn"]
    name, files = uploads.read_upload({"net.zip": own_checkpoints.zip_of_loaded(net)})
    again = store.loads(name, files["safetensors"], files["trajectory.safetensors"], files["json"])
    assert again.metadata == net.metadata
    for key, tensor in again.model.state_dict().items():
        assert torch.equal(tensor, net.model.state_dict()[key])
