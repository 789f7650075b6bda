"""The page on experiments: what it says of shipped studies, and a sweep of the learner's own."""

import time
from itertools import pairwise
from statistics import mean, stdev

import pytest
from streamlit.testing.v1 import AppTest

from makemore import jobs
from makemore.data.examples import Dataset
from makemore.experiments.seed_runs import train_seed
from makemore.experiments.sweep_records import SHIPPED, Sweep, read_shipped
from makemore.jobs.quotas import check_series
from makemore.lessons.experiments import own_plan, own_sweep
from makemore.lessons.experiments.overlaid import place_at_end, same_order
from makemore.lessons.experiments.trial_frames import (
    curves,
    dots,
    importance,
    parallel_lines,
    trial_table,
)
from makemore.lessons.experiments.trial_settings import (
    best_numbers,
    label_of,
    spread_of,
    value_of,
    varied,
)
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.own_checkpoints import SHELF
from tests.pages.opening import charts, opened
from tests.ui.training_panel.handling import until

PATIENCE = 60.0


@pytest.fixture(scope="module", params=SHIPPED)
def sweep(request: pytest.FixtureRequest) -> Sweep:
    return read_shipped(str(request.param))


def told(app: AppTest) -> str:
    return " ".join(each.value for each in [*app.markdown, *app.caption])


def page(step: int, **link: str) -> AppTest:
    app = opened("experiments.py", step=str(step), **link)
    assert not app.exception
    assert not app.error
    return app


def test_every_study_opens_on_every_step(sweep: Sweep) -> None:
    for step in range(1, 7):
        assert charts(page(step, study=sweep.name)), step


def test_the_best_is_told_with_its_spread(sweep: Sweep) -> None:
    app = page(1, study=sweep.name)
    losses = {t.number: mean(r.dev for r in t.runs) for t in sweep.trials if t.state == "complete"}
    best = sweep.trial(min(losses, key=losses.__getitem__))
    spread = stdev(run.dev for run in best.runs)
    assert f"dev loss **{losses[best.number]:.4f}** ± {spread:.4f} over seeds" in told(app)
    trainings = sum(len(trial.runs) for trial in sweep.trials)
    assert f"{len(sweep.trials)} trials, {trainings} trainings, 3 seeds each" in told(app)
    table = app.dataframe[0].value
    assert table["trial"].iloc[0] == best.number
    assert sorted(table["trial"]) == [trial.number for trial in sweep.trials]
    whole = table["dev loss"].dropna()
    assert whole.is_monotonic_increasing
    assert len(whole) == len(losses)


def test_there_is_a_dot_for_each_training(sweep: Sweep) -> None:
    x, *_ = varied(sweep)
    frame = dots(sweep, x, None)
    assert sorted(frame["dev"]) == sorted(run.dev for t in sweep.trials for run in t.runs)
    assert (frame["state"] == "given up").sum() == sum(
        len(t.runs) for t in sweep.trials if t.state != "complete"
    )


def test_lines_end_at_the_losses(sweep: Sweep) -> None:
    lines, ticks = parallel_lines(sweep, best_numbers(sweep))
    ends = lines[lines["axis"] == "dev loss"].set_index("trial")
    low, high = ends["dev"].min(), ends["dev"].max()
    assert ends["place"].tolist() == pytest.approx(((ends["dev"] - low) / (high - low)).tolist())
    assert lines["place"].between(0, 1).all()
    assert lines.groupby("trial").size().nunique() == 1
    number = len(sweep.complete())
    assert lines[lines["marked"]]["trial"].nunique() == max(1, round(number / 4))
    assert ticks.groupby("axis").size().max() <= 8
    for axis in ticks["axis"].unique():
        places = ticks[ticks["axis"] == axis]["place"].tolist()
        assert places == sorted(places)


def test_curves_are_means_over_seeds_and_end_where_they_were_given_up(sweep: Sweep) -> None:
    setting = next(each for each in varied(sweep) if each.coarse)
    frame = curves(sweep, setting, set())
    for trial in sweep.trials:
        mine = frame[frame["trial"] == trial.number]
        last = [run.curve[-1] for run in trial.runs]
        assert mine["step"].iloc[-1] == last[0][0]
        assert mine["dev"].iloc[-1] == pytest.approx(mean(dev for _, dev in last))
        assert mine["last"].iloc[-1] == (trial.state == "pruned")


@pytest.mark.parametrize("name", ["tree_shape", "rate_and_batch", "ladder"])
def test_who_is_ahead_halfway_mostly_ends_ahead(name: str) -> None:
    """The takeaway of the step, counted in another way: pair by pair, on the curve's own points."""
    sweep = read_shipped(name)
    assert all(trial.state == "complete" for trial in sweep.trials)
    same = total = 0
    for one in sweep.trials:
        for other in sweep.trials:
            if one.number < other.number:
                middle = mean(r.curve[5][1] for r in one.runs) - mean(
                    r.curve[5][1] for r in other.runs
                )
                same += (middle < 0) == (one.dev < other.dev)
                total += 1
    assert same / total > 0.85
    assert same_order(sweep) == pytest.approx(same / total)


def test_the_question_is_about_the_study_that_is_shown(sweep: Sweep) -> None:
    app = page(3, study=sweep.name)
    app.button(key=f"halfway_{sweep.name}_show").click().run()
    whole = sweep.complete()
    place = place_at_end(sweep)
    assert f"ends as number {place} of {len(whole)}, with {whole[place - 1].dev:.4f}" in " ".join(
        box.value for box in app.info
    )
    assert f"**{same_order(sweep):.0%}** of the pairs" in told(app)


def test_importance_is_that_of_the_record() -> None:
    for name in ("tree_shape", "rate_and_batch", "rate_search"):
        shares = importance(read_shipped(name))
        assert shares["share"].sum() == pytest.approx(1, abs=1e-3)
        assert f"**{shares['share'][0]:.0%}** of what sets the best" in told(page(4, study=name))
    assert "With fewer than 8 complete trials" in told(page(4, study="ladder"))


@pytest.mark.parametrize("cost", ["parameters", "seconds"])
def test_the_front_is_what_nobody_beats(sweep: Sweep, cost: str) -> None:
    front, best = [], float("inf")
    for trial in sorted(sweep.complete(), key=lambda t: (getattr(t, cost), t.dev)):
        if trial.dev < best:  # from cheap to dear, each must lower the loss
            front.append(trial)
            best = trial.dev
    app = page(5, study=sweep.name, cost=cost)
    assert f"**{len(front)} of {len(sweep.complete())}** trials stand" in told(app)
    assert f"It ends with {label_of(front[-1], varied(sweep))}." in told(app)


def test_the_best_trained_in_the_panel_can_be_opened_as_ones_own() -> None:
    app = page(6)
    app.number_input(key="best_tree_shape_fast_steps").set_value(3).run()
    app.button(key="best_tree_shape_play").click().run()
    until(app, lambda app: "Finished" in app.get("progress")[0].proto.text)
    app.button(key="best_tree_shape_save").click().run()
    [saved] = [box.value for box in app.success if "Saved as wavenet" in box.value]
    assert "checkpoints" in [link.proto.page for link in app.get("page_link")]
    app.query_params.clear()
    app = app.switch_page("pages/checkpoints.py").run()
    name = saved.replace("\\", "").split()[2].rstrip(",")
    assert name in [own.removeprefix("own/") for own in own_checkpoints(app)]


def own_checkpoints(app: AppTest) -> list[str]:
    return [*app.session_state[SHELF].kept]


@pytest.mark.parametrize("study", SHIPPED)
def test_the_panel_begins_with_the_record(study: str) -> None:
    best = read_shipped(study).complete()[0]
    app = page(6, study=study)
    view = app.session_state["link_view"].settings
    assert (view["model"], view["recipe"]) == (best.model, best.recipe)
    assert (view["settings"], view["seed"]) == (best.config, 1)
    assert f"a dev loss of {best.runs[0].dev:.4f} after {best.recipe['steps']:,} steps" in told(app)


def started(**link: str) -> AppTest:
    app = page(7, **link)
    app.number_input(key=own_sweep.STEPS_KEY).set_value(1).run()
    app.button(key="own_start").click().run()
    assert not app.exception
    return app


def ended(app: AppTest) -> AppTest:
    due = time.monotonic() + PATIENCE
    while not app.get("progress")[0].proto.text.startswith(("**Finished", "**Stopped")):
        assert time.monotonic() < due
        time.sleep(0.1)
        app.run()
    return app


def test_a_sweep_of_ones_own_comes_to_the_losses_of_its_trials(real: Dataset) -> None:
    app = ended(started(space="sizes", seeds="2"))
    assert "Finished: 18 of 18 trainings" in app.get("progress")[0].proto.text
    table = app.dataframe[0].value
    trials = own_plan.planned("sizes", "grid", 1, 27)
    losses = {
        number: mean(train_seed(trial.variant, seed, real, reports=1).dev for seed in (1, 2))
        for number, trial in list(enumerate(trials))[:2]
    }
    by_trial = table.set_index("trial")["dev loss"]
    for number, dev in losses.items():
        assert by_trial[number] == pytest.approx(dev, abs=1e-6)
    assert "18 trainings of 9 trials against embedding dimensions" in charts(app)[0]
    best = table.iloc[0]
    assert f"dev loss **{best['dev loss']:.4f}**" in told(app)


def test_random_draws_are_as_many_as_the_page_says() -> None:
    app = ended(started(search="random", seeds="1"))
    assert "Finished: 9 of 9 trainings" in app.get("progress")[0].proto.text
    table = app.dataframe[0].value
    assert table["learning rate"].nunique() == own_plan.DRAWS == len(table)


def test_it_can_be_stopped_and_another_one_started() -> None:
    app = page(7)
    app.button(key="own_start").click().run()
    assert app.button(key="own_start").disabled
    app.button(key="own_stop").click().run()
    assert "Stopped" in ended(app).get("progress")[0].proto.text
    assert not app.button(key="own_start").disabled
    assert app.button(key="own_stop").disabled


def test_what_the_server_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("makemore.jobs.quotas.MOST_IN_SERIES", 3)
    app = page(7)
    app.button(key="own_start").click().run()
    assert "a sweep here may have 1 to 3 trainings" in " ".join(box.value for box in app.warning)
    assert not app.button(key="own_start").disabled


def test_every_space_is_one_and_within_what_a_visitor_may(few: Dataset) -> None:
    for space, way in own_plan.VARIED:
        trials = own_plan.planned(space, way, 2_000, 27)
        specs = own_plan.specs_of(trials, 3, few)
        check_series(specs)
        assert len(specs) == 3 * len(trials) == len({(s.settings, s.recipe, s.seed) for s in specs})
        for spec in specs:
            spec.check_affordable(few)


def test_it_follows_the_list_that_it_was_started_on(few: Dataset) -> None:
    about = ChosenList(few.name_list, own=True)
    trials = own_plan.planned("sizes", "grid", 3, len(about.vocabulary))
    specs = own_plan.specs_of(trials[:1], 1, about.dataset)
    series = jobs.shared().start_series(specs, about.dataset, "me", connected=lambda session: True)
    own = own_plan.OwnSweep(
        "sizes_grid", {}, trials[:1], 1, about.name_list, len(about.vocabulary), series
    )
    due = time.monotonic() + PATIENCE
    while not (state := series.snapshot()).done:
        assert time.monotonic() < due
        time.sleep(0.05)
    [record] = own_plan.as_sweep(own, state).trials
    assert record.parameters == trials[0].variant.start(1, few).model.size
    assert record.runs[0].dev == round(train_seed(trials[0].variant, 1, few).dev, 6)


def test_words_of_a_trial() -> None:
    sweep = read_shipped("ladder")
    settings = varied(sweep)
    assert [label_of(trial, settings) for trial in sweep.trials][-2:] == [
        "mlp, logits small, hidden layer kaiming",
        "mlp bn",
    ]
    assert value_of(sweep.trials[-1], "config.logits_init") == "–"
    assert spread_of(sweep.trials[0]) > 0
    frame = trial_table(read_shipped("rate_search"))
    ended_as = [state for state, following in pairwise([*frame["ended"], ""]) if state != following]
    assert ended_as == ["complete", "pruned"], "those given up stand last"
