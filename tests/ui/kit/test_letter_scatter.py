"""Letters at one moment of a training, of an embedding of any width."""

import json

import pytest
import torch
from streamlit.testing.v1 import AppTest

from tests.pages.opening import charts


def _points(width: int) -> None:
    import torch

    from makemore.ui.kit import letter_scatter
    from makemore.ui.kit.moment_slider import Moments
    from makemore.ui.sources import loaded

    generator = torch.Generator().manual_seed(1)
    tables = torch.randn(3, 27, width, generator=generator)
    seen = Moments((0, 5, 9), {"embedding": tables})
    letter_scatter.show_points_at(seen, loaded.vocabulary(), start="e", key="any")


@pytest.mark.parametrize("width", [1, 2, 7])
def test_an_embedding_of_any_width_can_be_watched(width: int) -> None:
    app = AppTest.from_function(_points, args=(width,)).run()
    assert not app.exception
    assert len(charts(app)) == 1
    (chart,) = app.get("vega_lite_chart")
    titles = json.dumps(json.loads(chart.proto.spec))
    assert ("principal component" in titles) == (width != 2)
    table = torch.randn(3, 27, width, generator=torch.Generator().manual_seed(1))[-1]
    distance = (table - table[5]).norm(dim=1).sort().values[1]
    assert f"{distance:.2f}" in app.markdown[0].value
