"""Forged widget values, of right and wrong type, over every step of every page of a real server.

A part of `python -m tests.bench.attack`; about three minutes on two cores.
"""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.bench import proc
from tests.bench.attack.client import PATHS, Attacker, Counts, count_up
from tests.bench.attack.count import Count
from tests.serving import serving

VALUES_SENT = 5_000

INFINITE, NAN = float("inf"), float("nan")
NUMBERS = (NAN, INFINITE, -INFINITE, -1.0, 1e308, -1e308, 1e-308, 0.123456789, 2.0**63, 10_000.0)
TEXTS = (
    "",
    "no such option",
    "§",
    "x" * 20_000,
    "<script>",
    "\x00",
    "\U0001f600" * 500,
    "$x$",
    "-1",
    "null",
)
MARKS: tuple[object, ...] = (
    None, 5, "abc", [], [5], ["abc"], [None], [{}], [[]], [{"first": {}}], [{"first": "q"}],
    [{"first": "§", "second": "§"}], [{"first": 1, "second": None}], [{"letter": "§"}], [{"letter": []}],
    [{"node": "no such"}], [{"node": 7}], [{"neuron": 10**9}], [{"neuron": "x"}], [{"neuron": -1}],
    [{"neuron": 1e308}], [{"place": 10**9}], [{"place": 0}], [{"place": None}], {"x": [NAN, INFINITE]},
)  # fmt: skip
JSON = ("", "[]", "5", "null", "true", "{", '"x"', "[" * 100_000, '{"selection": 5}', "{}", '{"selection": null}',
        '{"selection": [1]}', '{"selection": {}}', "NaN")  # fmt: skip
SELECTIONS = ("cell", "row", "letter", "node", "neuron", "brick", "zoom")

Set = Callable[[WidgetState, random.Random], None]


def _set_arrays(name: str, *choices: Sequence[object]) -> Set:
    def put(state: WidgetState, dice: random.Random) -> None:
        part = getattr(state, name)
        part.SetInParent()
        part.data.extend(dice.choice(choices))

    return put


def _set_scalar(name: str, *choices: object) -> Set:
    return lambda state, dice: setattr(state, name, dice.choice(choices))


def _put_files(state: WidgetState, dice: random.Random) -> None:
    state.file_uploader_state_value.SetInParent()
    for _ in range(dice.randint(0, 3)):
        state.file_uploader_state_value.uploaded_file_info.add(
            file_id=dice.choice(["", "no-such", "../../etc/passwd", "0" * 999]),
            name=dice.choice(["x.txt", "", "x.exe"]),
            size=dice.choice([0, 2**62]),
        )


def _put_selection(state: WidgetState, dice: random.Random) -> None:
    if dice.random() < 0.3:
        state.string_value = dice.choice(JSON)
    else:
        marks = {dice.choice(SELECTIONS): dice.choice(MARKS) for _ in range(2)}
        state.string_value = json.dumps({"selection": marks})


_put_chosen = _set_arrays(
    "string_array_value", [], ["no such"], ["a", "b"], [""], ["x" * 20_000], ["§"] * 500
)
RIGHT: dict[str, Set] = {
    "slider": _set_arrays("double_array_value", [], [1.0, 2.0], *([each] for each in NUMBERS)),
    "select_slider": _put_chosen,
    "button_group": _put_chosen,
    "number_input": _set_scalar("double_value", *NUMBERS),
    "selectbox": _set_scalar("string_value", *TEXTS),
    "radio": _set_scalar("string_value", *TEXTS),
    "text_input": _set_scalar("string_value", *TEXTS),
    "text_area": _set_scalar("string_value", *TEXTS),
    "file_uploader": _put_files,
    "vega_lite_chart": _put_selection,
}
WRONG: tuple[Set, ...] = (
    _set_scalar("double_value", *NUMBERS),
    _set_scalar("int_value", 0, -1, 2**62),
    _set_scalar("string_value", *TEXTS, *JSON),
    _set_scalar("bool_value", True, False),
    _set_scalar("bytes_value", b"", b"\xff\x00"),
    _set_scalar("json_value", *JSON),
    _set_scalar("json_trigger_value", *JSON),
    _set_arrays("double_array_value", [], [NAN], [1.0, 2.0]),
    _set_arrays("int_array_value", [], [-1], [2**62]),
    _put_chosen,
    _put_files,
    lambda state, dice: setattr(state.string_trigger_value, "data", dice.choice(TEXTS)),
    lambda state, dice: setattr(state.chat_input_value, "data", dice.choice(TEXTS)),
    lambda state, dice: setattr(state.arrow_value, "data", b"\x00"),
)
TAKES = {"button": "trigger_value", "download_button": "trigger_value", "checkbox": "bool_value"}


def kind_of(element: Element) -> str:
    """What the widget is; a slider of named places is one of its own."""
    kind = element.WhichOneof("type") or ""
    named = kind == "slider" and element.slider.options
    return "select_slider" if named else kind


def forged(element: Element, dice: random.Random) -> WidgetState:
    """A value that the widget cannot have; now and then of a type that no such widget has."""
    kind = kind_of(element)
    state = WidgetState(id=getattr(element, element.WhichOneof("type") or "").id)
    put = RIGHT.get(kind)
    (put if put and dice.random() < 0.6 else dice.choice(WRONG))(state, dice)
    return state


def _takes_any_text(element: Element, state: WidgetState) -> bool:
    """Text may be any; what its page makes of it is not this module's to say."""
    return kind_of(element) in ("text_input", "text_area") and state.HasField("string_value")


async def _attack_step(
    port: int, path: str, step: int, count: int, dice: random.Random, counts: Counts
) -> None:
    sent = 0
    while sent < count:
        visitor = Attacker(port, page=path, query=f"step={step}")
        try:
            await visitor.open()
            for shown in [key for key in visitor.widgets if key.endswith("_show")]:
                await visitor.press(shown)
            while sent < count:
                sent += 1
                if not await _attack_once(visitor, dice, counts, f"{path or 'home'} step {step}"):
                    break
        finally:
            await visitor.close()


async def _attack_once(visitor: Attacker, dice: random.Random, counts: Counts, where: str) -> bool:
    """One forged value; whether the visitor can go on."""
    key = dice.choice(sorted(visitor.widgets))
    element = visitor.widgets[key]
    state = forged(element, dice)
    what = f"{where}, {key}: {str(state).split('value', 1)[-1][:120]!r}"
    visitor.forget()
    counts.sent += 1
    try:
        async with asyncio.timeout(20):
            await visitor.forge(key, state)
    except TimeoutError:
        counts.lost += 1
        counts.failures.append(f"lost: {what}")
        return False
    if visitor.failed():
        counts.failed += 1
        counts.failures.append(f"failed: {what}")
        return False
    counts.answered += 1
    counts.told += bool(visitor.warnings) or _takes_any_text(element, state)
    return True


async def attack_server(port: int, count: int, seed: int) -> Counts:
    """So many forged values, as many on each step of each page."""
    counts, dice = Counts(), random.Random(seed)
    steps = [
        (path, step) for path in PATHS for step in range(1, await _count_steps(port, path) + 1)
    ]
    for i, (path, step) in enumerate(steps):
        share = count // len(steps) + (i < count % len(steps))
        await _attack_step(port, path, step, share, dice, counts)
    return counts


async def _count_steps(port: int, path: str) -> int:
    visitor = Attacker(port, page=path)
    await visitor.open()
    await visitor.close()
    return len(visitor.options("rail"))


def attack(share: float, seed: int) -> Iterator[Count]:
    """VALUES_SENT attempts on a server of its own."""
    with serving() as server:
        counts = asyncio.run(attack_server(server.port, max(1, round(VALUES_SENT * share)), seed))
        counts.failures += [f"log: {line}" for line in server.log() if "Traceback" in line]
        megabytes = proc.peak_memory(server.process.pid)
    count = count_up("forged values of widgets", counts)
    count.tell_server(megabytes)
    yield count
