"""Opens a page as a visitor does and reads what is on it, for the tests of pages. No tests here."""

from pathlib import Path

import pyarrow as pa
from streamlit.testing.v1 import AppTest

from makemore.ui.kit import page_frame

ROOT = Path(__file__).resolve().parents[2]


def opened(page: str, **link: str) -> AppTest:
    """The app at a page and link, after its run."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in link.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}").run()


def shown_code(app: AppTest) -> list[str]:
    """What the box of the code holds once it is open, with all other code on the page."""
    app.session_state[page_frame.CODE] = True
    return [each.value for each in app.run().code]


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


def committed(app: AppTest, key: str) -> AppTest:
    """The page after the first answer on offer."""
    app.radio(key=key).set_value(app.radio(key=key).options[0]).run()
    return app.button(key=f"{key}_commit").click().run()
