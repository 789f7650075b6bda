"""Every page opens, carries the name, keeps its steps, and takes bad input without a traceback."""

import pytest

from tests.pages.opening import ROOT, charts, opened, said, shown_code

PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("page", PAGES)
def test_opens(page: str) -> None:
    app = opened(page)
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("page", PAGES)
def test_every_step_opens_and_every_chart_has_an_alt_text(page: str) -> None:
    steps = opened(page).segmented_control
    count = len(steps[0].options) if steps and steps[0].key == "rail" else 1
    for step in range(1, count + 1):
        app = opened(page, step=str(step))
        assert not app.exception, f"step {step}"
        assert len(charts(app)) == len(app.get("vega_lite_chart"))
        assert all(charts(app))


@pytest.mark.parametrize("page", PAGES)
def test_shows_something_real_before_any_click(page: str) -> None:
    assert charts(opened(page))


@pytest.mark.parametrize("page", PAGES)
def test_name_of_the_link_is_in_the_box(page: str) -> None:
    assert opened(page, name="ada").text_input(key="name_box").value == "ada"


@pytest.mark.parametrize(
    ("page", "step"),
    [("mlp_training.py", "3"), ("batch_norm.py", "7"), ("wavenet.py", "6"), ("bricks.py", "2")],
)
def test_a_training_shows_the_code_of_an_update_and_no_events(page: str, step: str) -> None:
    code = "\n".join(shown_code(opened(page, step=step)))
    # Of the recipe that it begins with, and the lecture's.
    assert code.count("loss.backward()") == 2
    assert "F.cross_entropy(self.model(contexts), targets)" in code
    assert "yield" not in code


def test_name_decides_what_is_shown() -> None:
    app = opened("bigram.py", step="2", name="ada")
    pairs = app.table[0].value.iloc[:, 0].tolist()
    assert pairs == [".a", "ad", "da", "a."]


UNUSABLE = [
    ("zoë", "“ë” is unknown", "zoe"),
    ("Łucja-Ann", "“Ł” is unknown", "lucjaann"),
    ("<b>x</b>", "“<” is unknown", ""),
    ("a" * 21, "21 letters", ""),
    ("   ", "empty", ""),
    ("$x$", "unknown", ""),
    ("😀" * 1000, "1,000 letters", ""),
]


@pytest.mark.parametrize("way", ["typed", "by link"])
@pytest.mark.parametrize(("name", "told", "offer"), UNUSABLE)
def test_unusable_name_is_explained_and_changes_nothing(
    name: str, told: str, offer: str, way: str
) -> None:
    if way == "typed":
        app = opened("home.py", name="ada")
        app.text_input(key="name_box").set_value(name).run()
    else:
        app = opened("home.py", name=name)
    former = "ada" if way == "typed" else "emma"
    assert not app.exception
    assert told in said(app).replace("\\", "")
    assert f"goes on with {former}" in said(app)
    assert app.text_input(key="name_box").value == former
    assert app.query_params.get("name", "emma") == former
    assert [each.label for each in app.button if each.key == "use_offer"] == (
        [f"Use {offer}"] if offer else []
    )


def test_the_offered_name_is_taken_and_the_notice_goes() -> None:
    app = opened("home.py", name="zoë")
    app.button(key="use_offer").click().run()
    assert app.text_input(key="name_box").value == app.query_params["name"] == "zoe"
    assert not said(app)


def test_a_name_keeps_the_case_that_was_typed_out_of_the_link() -> None:
    app = opened("home.py")
    app.text_input(key="name_box").set_value(" Ada ").run()
    assert app.text_input(key="name_box").value == app.query_params["name"] == "ada"


def test_the_name_that_all_begin_with_stands_in_no_link() -> None:
    app = opened("home.py", name="ada")
    app.text_input(key="name_box").set_value("emma").run()
    assert "name" not in app.query_params
    assert not said(app)


BAD_STEPS = ["0", "99", "-1", "x", "²", "1" * 500, "0000000019", "0" * 5000, "٣", "1.0", " 1", ""]


@pytest.mark.parametrize("step", BAD_STEPS)
def test_unknown_step_falls_back_and_says_so(step: str) -> None:
    app = opened("home.py", step=step)
    assert not app.exception
    assert "here is the first" in said(app)
    assert "step" not in app.query_params
    assert app.segmented_control(key="rail").value == 1
    assert not said(app.run())


def test_zeros_before_a_step_are_no_harm() -> None:
    app = opened("home.py", step="0002")
    assert app.segmented_control(key="rail").value == 2
    assert not said(app)


@pytest.mark.parametrize("seed", ["-1", "x", "10000", "9" * 5000, "1.5", "²"])
def test_a_bad_seed_leaves_the_link_and_is_told_once(seed: str) -> None:
    app = opened("home.py", seed=seed, name="ada")
    assert not app.exception
    assert "here is the usual one" in said(app)
    assert dict(app.query_params) == {"name": ["ada"]} or dict(app.query_params) == {"name": "ada"}
    assert not said(app.run())


def test_all_that_is_bad_in_a_link_is_told_together() -> None:
    app = opened("home.py", seed="x", name="zoë", step="9")
    told = said(app)
    assert "here is the usual one" in told
    assert "here is the first" in told
    assert "goes on with emma" in told
    assert not dict(app.query_params)


def test_next_and_back_turn_the_steps() -> None:
    app = opened("home.py")
    app.button(key="next").click().run()
    assert app.query_params["step"] == "2"
    app.button(key="back").click().run()
    assert app.query_params == {}
