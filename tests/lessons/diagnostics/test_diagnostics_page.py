"""The page of diagnoses: recorded stacks, findings as the rules give them, repairs beside what they repair."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from makemore import __main__ as command_line
from makemore.checkpoints import store, tensor_files
from makemore.checkpoints.metadata import CheckpointError
from makemore.checkpoints.shipped import SHIPPED
from makemore.diagnostics.layers.diagnose import RULES, diagnose
from makemore.experiments import recorded_stacks, second_recordings
from makemore.experiments.kept_looks import kept_of
from makemore.experiments.recorded_stacks import QUIZ, SOUND, STACKS, Stack
from makemore.lessons.diagnostics import (
    any_checkpoint,
    own_stack,
    sick_or_healthy,
    stack_recordings,
    whose_looks,
)
from makemore.lessons.diagnostics.finding_words import sentence
from makemore.lessons.diagnostics.look_charts import findings_of
from makemore.ui.kit.safe_text import plain
from makemore.ui.sources import loaded, recorded
from tests.pages.opening import charts, opened
from tests.ui.training_panel.handling import progress, run_of, until

PAGE = "diagnostics.py"


def told(app: AppTest) -> str:
    boxes = [*app.markdown, *app.success, *app.info, *app.caption]
    return " ".join(str(each.value) for each in boxes)


def tensors_of(name: str) -> list[str]:
    """What the file of a shipped training holds."""
    content = (store.FOLDER / f"{name}.trajectory.safetensors").read_bytes()
    return list(tensor_files.unpack(content))


def test_every_recording_is_what_it_says() -> None:
    found = {s.name: [f.name for f in diagnose(recorded_stacks.read(s).readings)] for s in STACKS}
    healthy = {name for name, findings in found.items() if not findings}
    assert healthy == {
        "gain_1", "gain_5_3", "gain_0.5_norm", "gain_1_norm", "gain_5_3_norm", "gain_3_norm",
        "gain_5_3_norm_rate_10",
    }  # fmt: skip
    assert found["gain_0.5"] == ["shrinking"]
    assert found["gain_3"] == ["saturated"]
    assert found["gain_5_3_rate_0.1"] == ["learning rate too low"]
    assert found["gain_5_3_logits_10"][0] == "confidently wrong start"


def test_a_recording_is_that_of_its_stack() -> None:
    again = recorded_stacks.record(SOUND, loaded.dataset(), steps=5).readings[0]
    kept = recorded_stacks.read(SOUND).readings[0]
    assert kept.loss == pytest.approx(again.loss, abs=1e-4)
    for name, each in again.layers.items():
        assert kept.layers[name].std == pytest.approx(each.std, abs=1e-4)


def test_a_damaged_recording_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(recorded_stacks, "FOLDER", tmp_path)
    with pytest.raises(CheckpointError, match="get it again"):
        recorded_stacks.read(SOUND)


def test_the_figures_of_the_first_two_steps() -> None:
    first = recorded_stacks.read(Stack(gain="0.5")).readings[0]
    bottom, top = first.layers["tanh1"], first.layers["tanh5"]
    assert f"{top.std / bottom.std:.0%}" == "6%"
    assert f"{bottom.gradient_std / top.gradient_std:.0%}" == "6%"
    assert "the fifth gives 6%" in told(opened(PAGE))
    assert "the first layer gets 6%" in told(opened(PAGE, step="2"))


def test_a_sick_stack_stands_beside_the_sound_one() -> None:
    app = opened(PAGE)
    assert "**Gain 0.5**: shrinking" in told(app)
    assert "**Gain 5/3**: healthy" in told(app)
    left, right = charts(app)
    assert "Marked: tanh5, shrinking: 0.058 < 0.2" in left
    assert "Marked" not in right
    app.toggle(key="activations_norm").set_value(True).run()
    assert "**Gain 0.5, batch norm**: healthy" in told(app)


def test_gradients_that_shrink_are_marked_in_their_own_chart() -> None:
    first = recorded_stacks.read(Stack(gain="0.5")).readings[0]
    ratio = first.layers["tanh1"].gradient_std / first.layers["tanh5"].gradient_std
    app = opened(PAGE, step="2")
    left, right = charts(app)
    assert f"Marked: tanh1, shrinking: {ratio:.2g} < 0.2" in left
    assert "Marked" not in right
    assert f"gradients, first over last layer: **{ratio:.3g}**, below 0.2 (tanh1, step 0)" in told(
        app
    )


def test_the_slider_goes_through_the_training() -> None:
    before = charts(opened(PAGE))
    assert charts(opened(PAGE, moment="1000")) != before


@pytest.mark.parametrize(("rate", "name"), [("0.1", "too low"), ("10", "too high")])
def test_a_learning_rate_is_marked_where_it_shows(rate: str, name: str) -> None:
    updates, curve = charts(opened(PAGE, step="3", rate=rate))
    assert f"Marked: all, learning rate {name}" in updates or name == "too high"
    assert f"Marked: learning rate {name}" in curve or name == "too low"


def test_findings_at_the_start_need_no_training() -> None:
    app = opened(PAGE, step="4")
    assert "Saturated." in told(app)
    assert "Marked: tanh1, saturated: 37% > 25%" in charts(app)[1]
    assert "Shrinking." in told(opened(PAGE, step="4", gain="0.5", depth="10"))
    assert f"none of {len(RULES)} rules" in told(opened(PAGE, step="4", gain="5/3"))


def test_before_it_starts_a_stack_shows_its_recorded_training() -> None:
    app = opened(PAGE, step="4")
    losses = recorded_stacks.read(own_stack.SICK).evaluated["dev"].tolist()
    assert f"After step 1,000 the dev loss is {losses[-1]:.3f}" in charts(app)[0]
    offered = app.session_state["link_view"].settings
    assert offered["recipe"] == own_stack.SICK.recipe.to_json()
    assert offered["settings"] == own_stack.SICK.settings(27)
    app.button(key=f"{own_stack.KEY}_show_0").click().run()
    assert app.select_slider[0].value == 0
    assert "dev loss" not in charts(opened(PAGE, step="4", depth="2"))[0]


def test_before_it_starts_any_other_stack_stands_beside_the_nearest_recorded() -> None:
    app = opened(PAGE, step="4", depth="2", gain="0.5")
    assert "Two runs on the same axes" in charts(app)[0]
    near = plain("the nearest that is recorded: 5 tanh, gain 0.5, on the course's names")
    assert f"Other run, until this one starts: {near}." in told(app)
    assert "Shrinking" not in told(app), "what is found is of the stack itself"
    assert "Two runs" not in charts(opened(PAGE, step="4"))[0]


@pytest.mark.parametrize(
    ("stack", "wanted"),
    [
        (Stack(gain="3", depth=2), Stack(gain="3")),
        (Stack(gain="3", norm=True, depth=9), Stack(gain="3", norm=True)),
        (Stack(gain="3", rate="10"), Stack(rate="10")),
        (Stack(rate="100", norm=True), Stack(rate="10", norm=True)),
    ],
)
def test_the_nearest_recorded_stack(stack: Stack, wanted: Stack) -> None:
    assert stack_recordings.nearest(stack) == wanted


def test_a_nearest_recording_that_cannot_be_read_leaves_empty_axes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recorded_stacks, "FOLDER", tmp_path)
    recorded.recording.cache_clear()
    stack_recordings._former.cache_clear()
    app = opened(PAGE, step="4", depth="2")
    assert not app.exception
    assert not app.error
    assert "Two runs" not in charts(app)[0]


def test_a_repair_of_a_recorded_stack_begins_beside_it() -> None:
    app = opened(PAGE, step="4")
    app.button(key=f"{own_stack.KEY}_repair_0").click().run()
    assert not app.exception
    assert app.segmented_control(key=own_stack.GAIN).value == "5/3"
    assert dict(run_of(app, key=own_stack.KEY).spec.settings)["gain"] == pytest.approx(5 / 3)
    assert any("Two runs" in each for each in charts(app))
    app.button(key=f"{own_stack.KEY}_stop").click().run()


def test_a_repair_turns_the_switch_and_trains_beside_the_sick_one() -> None:
    app = opened(PAGE, step="4", depth="2")
    key = own_stack.KEY
    app.number_input(key=f"{key}_lecture_steps").set_value(60)
    app.button(key=f"{key}_repair_0").click().run()
    assert "starts when this one has ended" in told(app)
    until(app, lambda a: dict(run_of(a, key=key).spec.settings)["gain"] < 2)
    until(app, lambda a: "Finished" in progress(a))
    assert app.segmented_control(key=own_stack.GAIN).value == "5/3"
    assert any("Two runs" in each for each in charts(app))
    rows = [each for each in charts(app) if "Histograms of the activations" in each]
    assert len(rows) == 2
    assert "saturated" in rows[0]
    assert "none of 8 rules" in told(app)


def test_every_net_of_the_question_has_its_answer() -> None:
    for letter, stack in QUIZ.items():
        findings = findings_of(recorded_stacks.read(stack).readings)
        answer = findings[0].name if findings else "healthy"
        assert answer in sick_or_healthy.SHOWS
        app = opened(PAGE, step="5", net=letter)
        assert not any("Marked" in each for each in charts(app))
        app.button(key=f"quiz_{letter}_show").click().run()
        assert f"It is **{answer}**" in told(app)
        for finding in findings:
            assert sentence(finding) in told(app)


def test_a_repair_of_a_recorded_net_begins_beside_it() -> None:
    app = opened(PAGE, step="5", net="F")
    app.button(key="quiz_F_show").click().run()
    app.button(key="quiz_repair_0").click().run()
    assert dict(run_of(app, key="quiz").spec.settings)["gain"] == pytest.approx(5 / 3)
    assert any("Two runs" in each for each in charts(app))
    app.button(key="quiz_stop").click().run()
    app.button(key="quiz_back").click().run()
    assert not any("Two runs" in each for each in charts(app))


@pytest.mark.parametrize("name", ["mlp_naive", "mlp_lecture", "mlp", "bigram_nn", "wavenet_gated"])
def test_findings_are_those_of_the_command_line(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command_line.main(["diagnose", name, "--json"]) in (0, None)
    report = json.loads(capsys.readouterr().out)
    app = opened(PAGE, step="6", checkpoint=name)
    assert not app.exception
    assert ("Healthy" in told(app)) is report["healthy"]
    for each in report["findings"]:
        assert each["name"][1:] in told(app)
        assert f"**{each['measured']:.3g}**" in told(app) or f"**{each['measured']:.0%}**" in told(
            app
        )
    looks = len(report["looks"])
    if report["healthy"]:
        assert (f"in {looks} looks" if looks > 1 else "in one look") in told(app)


LEARNT = [name for name in SHIPPED if name != "bigram"]


def test_what_there_is_to_scrub_of_every_shipped_training() -> None:
    """Counted anew from the tensors of each file."""
    found: dict[str, set[str]] = {}
    for name in SHIPPED:
        held = {each.partition("/")[0::2] for each in tensors_of(name)}
        bent = {name for part, name in held if part == "probed"} - {"step", "embedding"}
        known = {
            "embedding": ("probed", "embedding") in held,
            "activations": bool(bent),
            "gradients": any(part == "gradients" for part, _ in held) or name == "bigram_nn",
            "updates": any(part == "parameters" for part, _ in held),
        }
        kept = kept_of(loaded.checkpoint(name))
        assert kept.there == tuple(each for each, is_there in known.items() if is_there), name
        for each in kept.missing:
            found.setdefault(each, set()).add(name)
    whole = {"bigram", "bigram_nn", "mlp_2d", "mlp_naive", "mlp_lecture"}
    assert found == {
        "activations": {"wavenet_gated"},
        "gradients": SHIPPED.keys() - whole,
        "updates": SHIPPED.keys() - whole,
    }


@pytest.mark.parametrize("name", LEARNT)
def test_every_shipped_training_is_gone_back_through(name: str) -> None:
    """By looks of its own, or of the second training, which then says how near it ended."""
    checkpoint = loaded.checkpoint(name)
    app = opened(PAGE, step="6", checkpoint=name, chart="gradients", moment="0")
    assert not app.exception
    second = recorded.second_recording(checkpoint)
    watched = whose_looks.Watched(checkpoint, second)
    assert whose_looks.tell_kept(watched, now=False) in told(app)
    if second:
        dev, shipped = second.losses["dev"], checkpoint.metadata.losses["dev"]
        said = f"it ends at a dev loss of {dev:.4f}, the shipped net at {shipped:.4f}."
        assert f"Recorded in a second training of the same recipe and seed: {said}" in told(app)
        assert second.processor in told(app)
    assert "none of step 0" not in told(app)
    assert ("no layer that bends" in told(app)) is (name == "bigram_nn")
    shown = charts(app)
    assert any("Histograms of the gradients" in each for each in shown) is (name != "bigram_nn")
    assert app.select_slider[0].value == 0
    app.segmented_control(key=f"{any_checkpoint.KEY}_kind").set_value("updates").run()
    assert any(each.startswith("Update over data") for each in charts(app))


@pytest.mark.parametrize("name", ["wavenet", "wavenet_gated"])
def test_the_shipped_net_itself_is_asked_for_by_name(name: str) -> None:
    checkpoint = loaded.checkpoint(name)
    kept = kept_of(checkpoint)
    app = opened(PAGE, step="6", checkpoint=name, whose="shipped", chart="gradients", moment="0")
    assert not app.exception
    assert str(kept) in told(app)
    assert "second training of the same" not in told(app)
    end = f"At step {checkpoint.metadata.step:,}, its end: there are none of step 0."
    assert (end in told(app)) is ("activations" in kept.there)
    assert any("Histograms of the gradients" in each for each in charts(app))
    assert bool(app.select_slider) is ("activations" in kept.there)
    app.segmented_control(key=f"{any_checkpoint.KEY}_kind").set_value("updates").run()
    assert "No updates were kept" in told(app)
    itself = charts(app)[0]
    app.segmented_control(key=f"{any_checkpoint.KEY}_whose").set_value("second").run()
    assert "No updates were kept" not in told(app)
    assert charts(app)[0] != itself, "the curve is that of the training whose looks are shown"


def test_activations_that_were_kept_are_scrubbed() -> None:
    first, last = (
        charts(opened(PAGE, step="6", checkpoint="wavenet", whose="shipped", moment=moment))
        for moment in ("0", "4352")
    )
    assert first[1] != last[1]
    gated = opened(PAGE, step="6", checkpoint="wavenet_gated", whose="shipped")
    assert "no activations, gradients or updates. So its activations and gradients" in told(gated)
    assert any("Histograms of the activations" in each for each in charts(gated))


def test_a_second_training_that_cannot_be_read_costs_the_way_back_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(second_recordings, "FOLDER", tmp_path)
    recorded._second.cache_clear()
    app = opened(PAGE, step="6", checkpoint="mlp", chart="gradients")
    assert not app.exception
    [warning] = app.warning
    why = plain("recordings/mlp.safetensors: No such file or directory; get it again")
    assert f"cannot be read: {why}. Here is the shipped net itself." in warning.value
    assert str(kept_of(loaded.checkpoint("mlp"))) in told(app)
    assert any("Histograms of the gradients" in each for each in charts(app))
    assert not opened(PAGE, step="6", checkpoint="mlp_naive").warning
