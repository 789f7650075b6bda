"""Every page opens, carries the name, keeps its steps, and takes bad input without a traceback."""

from pathlib import Path

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))


def opened(page: str, **link: str) -> AppTest:
    """The app at a page and link, after its run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in link.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}").run()


def charts(app: AppTest) -> list[str]:
    """The alternative texts of the charts on the page."""
    return [
        pa.ipc.open_stream(each.data.data).read_all()["said"][0].as_py()
        for element in app.get("vega_lite_chart")
        for each in element.proto.datasets
        if each.name == "said"
    ]


def said(app: AppTest) -> str:
    """All that the page tells about bad input."""
    return " ".join(box.value for box in [*app.warning, *app.info])


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


@pytest.mark.parametrize("page", ["home.py", "bigram.py", "bigram_nn.py"])
def test_shows_something_real_before_any_click(page: str) -> None:
    assert charts(opened(page))


@pytest.mark.parametrize("page", PAGES)
def test_name_of_the_link_is_in_the_box(page: str) -> None:
    assert opened(page, name="ada").text_input(key="name").value == "ada"


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


def test_prediction_hides_its_answer_until_committed() -> None:
    app = opened("bigram.py", step="5")
    before = len(charts(app))
    assert not any("4,410" in box.value for box in app.info)
    app.radio(key="bigram_first").set_value("k").run()
    app.button(key="bigram_first_commit").click().run()
    assert "It is **a**" in app.info[0].value
    assert len(charts(app)) > before
