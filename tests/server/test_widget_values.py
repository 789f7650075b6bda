"""Whatever value a client sends for a widget, the page is there, has its default, and says so."""

import json
import random
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from makemore.ui.kit.refused_values import TEXT
from tests.bench.attack import addresses, widgets
from tests.bench.attack.client import Attacker
from tests.loops import run_apart
from tests.serving import Server

# What is seen once a question is answered.
QUESTIONS = {"k": "uniform_loss_27", "divided_right": "follows_0a30b5557f19"}
NAN, INFINITE = float("nan"), float("inf")


def state_of(visitor: Attacker, key: str, field: str, value: Any) -> WidgetState:
    """What a client sends for a widget: a value in one of the fields of the message."""
    element = visitor.widgets[key]
    state = WidgetState(id=getattr(element, element.WhichOneof("type") or "").id)
    if field.endswith("_array_value"):
        getattr(state, field).SetInParent()
        getattr(state, field).data.extend(value)
    elif field == "file_uploader_state_value":
        state.file_uploader_state_value.uploaded_file_info.add(file_id=value, name="x.txt", size=1)
    else:
        setattr(state, field, value)
    return state


async def send(
    port: int, place: str, ending: str, *sent: tuple[str, Any], at_first: bool = False
) -> Attacker:
    """Open `page?query`, send these values one after another, and give back who heard the last answer."""
    page, _, query = place.partition("?")
    visitor = Attacker(port, page=page, query=query)
    await visitor.open()
    if ending in QUESTIONS:
        await visitor.press(f"{QUESTIONS[ending]}_show")
    key = ending if ending in visitor.widgets else visitor.key(ending)
    states = [state_of(visitor, key, *each) for each in sent]
    if at_first:  # by somebody else, before the page was ever drawn for them
        await visitor.close()
        visitor = Attacker(port, page=page, query=query)
        visitor.values = {states[0].id: states[0]}
        await visitor.open()
    else:
        for state in states:
            visitor.forget()
            await visitor.forge(key, state)
    await visitor.close()
    return visitor


WRONG: list[tuple[str, str, str, Any]] = [
    ("?step=3", "_temperature", "double_array_value", [NAN]),
    ("?step=3", "_temperature", "double_array_value", [INFINITE]),
    ("?step=3", "_temperature", "double_array_value", [-1.0]),
    ("?step=3", "_temperature", "double_array_value", [0.5, 0.7]),
    ("?step=3", "_temperature", "string_value", "0.5"),
    ("?step=3", "_temperature", "json_value", "{"),
    ("?step=3", "_seed", "double_value", INFINITE),
    ("?step=3", "_seed", "double_value", NAN),
    ("?step=3", "_seed", "double_value", 0.5),
    ("?step=3", "_seed", "double_value", 10_000.0),
    ("?step=3", "_seed", "string_array_value", ["1"]),
    ("?step=2", "rail", "string_array_value", ["no such step"]),
    ("?step=2", "name_box", "double_value", 1.0),
    ("?step=2", "seed", "int_value", 1),
    ("bigram", "show", "string_array_value", ["Logarithms"]),
    ("bigram", "show", "string_array_value", ["Counts", "Smoothed"]),
    ("bigram", "after_ranked", "string_value", "yes"),
    ("checkpoints", "checkpoint_upload_0", "file_uploader_state_value", "no-such-upload"),
    ("bigram", "arrow_next", "string_value", "press"),
    ("bigram?step=3", "k", "string_array_value", ["a million"]),
    ("bigram_nn", "net_letter", "string_value", "§"),
    ("batch_norm?step=4", "one_example", "string_value", "none of these"),
    ("batch_norm?step=5", "bias_shift", "double_array_value", [NAN]),
    ("bigram", "matrix", "string_value", "5"),
    ("bigram", "matrix", "string_value", "[" * 100_000),
    ("bigram", "matrix", "string_value", '{"selection": {"cell": 5}}'),
    ("bigram", "matrix", "string_value", '{"selection": {"zoom": []}}'),
]  # fmt: skip
MARKS: list[tuple[str, str, Any]] = [
    ("bigram", "matrix", {"cell": [{"first": "§", "second": "a"}]}),
    ("bigram", "matrix", {"cell": [{"first": "q"}]}),
    ("bigram", "matrix", {"cell": [{"first": {}, "second": []}]}),
    ("bigram?step=4", "divided_right", {"cell": [{"first": 1, "second": 2}]}),
    ("bigram_nn", "net_weights", {"row": [{"first": "§"}]}),
    ("mlp?step=3", "_scatter", {"letter": [{"letter": "§"}]}),
    ("initialisation?step=3", "flat_map_0", {"neuron": [{"neuron": 10**6}]}),
    ("wavenet", "tree", {"node": [{"node": "no such node"}]}),
    ("bricks", "bricks_silhouette", {"brick": [{"place": 99}]}),
    ("checkpoints", "reach_dots", {"checkpoint": [{"checkpoint": "own/none"}]}),
]


@pytest.mark.parametrize(("place", "ending", "field", "value"), WRONG)
def test_a_value_that_the_widget_cannot_have_is_refused_and_the_page_says_so(
    server: Server, place: str, ending: str, field: str, value: Any
) -> None:
    visitor = run_apart(send(server.port, place, ending, (field, value)))
    assert not visitor.failed()
    assert visitor.warnings == [TEXT]


@pytest.mark.parametrize(("place", "ending", "marks"), MARKS)
def test_marks_that_a_chart_does_not_have_are_refused_and_the_page_says_so(
    server: Server, place: str, ending: str, marks: Any
) -> None:
    sent = ("string_value", json.dumps({"selection": marks}))
    visitor = run_apart(send(server.port, place, ending, sent))
    assert not visitor.failed()
    assert visitor.warnings == [TEXT]


def test_a_mark_that_the_chart_has_is_chosen(server: Server) -> None:
    sent = ("string_value", json.dumps({"selection": {"cell": [{"first": "q", "second": "u"}]}}))
    visitor = run_apart(send(server.port, "bigram", "matrix", sent))
    assert not visitor.warnings
    assert any("The pair qu" in text for text in visitor.words)


@pytest.mark.parametrize("former", [1.5, 0.2, 2.0])
def test_the_default_takes_the_place_of_what_was_refused(server: Server, former: float) -> None:
    kept, wrong = ("double_array_value", [former]), ("double_array_value", [NAN])
    right = run_apart(send(server.port, "?step=3", "_temperature", kept))
    visitor = run_apart(send(server.port, "?step=3", "_temperature", kept, wrong))
    usual = run_apart(send(server.port, "?step=3", "_temperature", ("double_array_value", [1.0])))
    slider = visitor.widgets["home_temperature"].slider
    assert (slider.set_value, list(slider.value)) == (True, [1.0]), "a browser follows"
    assert not right.warnings
    assert right.words != visitor.words == usual.words


@pytest.mark.parametrize("sent", [("double_value", 7.0), ("int_value", 7)])
def test_a_whole_number_is_taken_as_a_browser_sends_it(server: Server, sent: Any) -> None:
    visitor = run_apart(send(server.port, "?step=3", "home_seed", sent))
    other = run_apart(send(server.port, "?step=3", "home_seed", ("double_value", 8.0)))
    assert not visitor.warnings
    assert visitor.words != other.words


def test_a_seed_that_was_refused_leaves_the_one_of_the_link(server: Server) -> None:
    sent = [("double_value", 7.0), ("double_value", -1.0)]
    visitor = run_apart(send(server.port, "?step=3", "home_seed", *sent))
    assert visitor.widgets["home_seed"].number_input.value == 7


@pytest.mark.parametrize(
    ("ending", "field", "value"),
    [
        ("_temperature", "double_array_value", [NAN]),
        ("_temperature", "bool_value", True),
        ("_seed", "double_value", 1e308),
    ],
)
def test_a_value_for_a_widget_that_was_never_drawn_is_checked_too(
    server: Server, ending: str, field: str, value: Any
) -> None:
    visitor = run_apart(send(server.port, "?step=3", ending, (field, value), at_first=True))
    assert not visitor.failed()
    assert visitor.warnings == [TEXT]


def test_what_was_refused_is_said_once(server: Server) -> None:
    good = ("double_array_value", [0.5])
    visitor = run_apart(
        send(server.port, "?step=3", "_temperature", ("double_array_value", [NAN]), good)
    )
    assert not visitor.warnings


def test_forged_values_over_all_steps(server: Server) -> None:
    counts = run_apart(widgets.attack_server(server.port, 70, seed=7))
    assert (counts.sent, counts.failed, counts.lost) == (70, 0, 0), counts.failures
    assert counts.told > 50, "the others are values that the widget can have"


def test_hostile_addresses_over_all_pages(server: Server) -> None:
    counts = run_apart(addresses.attack_server(server.port, 35, seed=7))
    assert (counts.answered, counts.failed, counts.lost) == (35, 0, 0), counts.failures
    assert counts.told > 10


@pytest.mark.parametrize(
    "step", ["0000000019", "0" * 5_000, "-1", "9" * 5_000, "\u0663", "NaN", ""]
)
def test_a_step_that_no_page_has_is_the_first_and_said_so(server: Server, step: str) -> None:
    visitor = run_apart(send(server.port, f"bigram?step={step}", "rail"))
    assert not visitor.failed()
    assert visitor.warnings[0].startswith("This page has the steps 1 to 7, not")


def test_the_same_seed_forges_the_same(server: Server) -> None:
    element = run_apart(send(server.port, "?step=3", "rail")).widgets["home_temperature"]
    first, second = (
        [str(widgets.forged(element, dice)) for _ in range(20)]
        for dice in (random.Random(3), random.Random(3))
    )
    assert first == second
    assert len(set(first)) > 10
