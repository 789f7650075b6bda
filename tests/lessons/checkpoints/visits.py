"""A visitor of the page of checkpoints, and what it tells. No tests here."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest

from makemore.checkpoints import store
from makemore.ui.kit.own_checkpoints import SHELF, Shelf
from tests.pages.opening import opened
from tests.ui.kit.own_shelf import shelf

PAGE = "checkpoints.py"
STEPS = "1234567"
TINY = "Embedding 3, FlattenConsecutive 4, Linear 5, Tanh, FlattenConsecutive 2, Linear 27"


def files_of(path: Path) -> dict[str, bytes]:
    endings = (store.TENSORS, store.TRAJECTORY, store.COPY)
    return {ending: path.with_name(f"{path.name}.{ending}").read_bytes() for ending in endings}


def with_own(step: str, files: Mapping[str, bytes]) -> AppTest:
    """The step of a visitor who looks at a checkpoint of their own."""
    app = opened(PAGE, step=step)
    app.session_state[SHELF] = shelf(mine=files)
    box = app.run().selectbox(key="looked_at")
    return box.set_value("own/mine").run() if "mine (own)" in box.options else app


def kept(app: AppTest) -> Shelf:
    found: Shelf = app.session_state[SHELF]
    return found


def told(app: AppTest) -> str:
    boxes = [*app.markdown, *app.caption, *app.success, *app.error, *app.info, *app.warning]
    return " ".join(box.value for box in boxes).replace("\\", "")


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column."""
    return next(each.value for each in app.table if column in each.value.columns)
