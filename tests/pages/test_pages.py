"""Every page opens, carries the name, keeps its steps, and takes bad input without a traceback."""

import pytest

from tests.pages.opening import ROOT, charts, opened, said

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
    assert opened(page, name="ada").text_input(key="name").value == "ada"


@pytest.mark.parametrize(
    ("page", "step"), [("mlp.py", "4"), ("mlp_bn.py", "5"), ("wavenet.py", "6"), ("bricks.py", "2")]
)
def test_a_training_shows_the_code_of_an_update_and_no_events(page: str, step: str) -> None:
    code = "\n".join(each.value for each in opened(page, step=step).code)
    # Of the recipe that it begins with, and the lecture's.
    assert code.count("loss.backward()") == 2
    assert "F.cross_entropy(self.model(contexts), targets)" in code
    assert "yield" not in code


def test_name_decides_what_is_shown() -> None:
    app = opened("bigram.py", step="2", name="ada")
    pairs = app.table[0].value.iloc[:, 0].tolist()
    assert pairs == [".a", "ad", "da", "a."]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("zoë", "“ë” is unknown"),
        ("<b>x</b>", "“<” is unknown"),
        ("a" * 21, "21 letters"),
        ("   ", "empty"),
        ("$x$", "unknown"),
    ],
)
def test_unusable_name_is_explained_and_changes_nothing(typed: str, told: str) -> None:
    app = opened("bigram.py", step="2", name="ada")
    app.text_input(key="name").set_value(typed).run()
    assert not app.exception
    assert told in said(app).replace("\\", "")
    assert app.table[0].value.iloc[0, 0] == ".a"  # still ada


@pytest.mark.parametrize("step", ["0", "99", "-1", "x", "²", "1" * 500])
def test_unknown_step_falls_back_and_says_so(step: str) -> None:
    app = opened("bigram.py", step=step)
    assert not app.exception
    assert "here is the first" in said(app)


def test_next_and_back_turn_the_steps() -> None:
    app = opened("bigram.py")
    app.button(key="next").click().run()
    assert app.query_params["step"] == "2"
    app.button(key="back").click().run()
    assert app.query_params["step"] == "1"
