"""A link opens the view that it was copied from: another than the one its step begins with."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import charts, opened, said

VIEWS = [
    ("scoreboard", "models=all", 1),
    ("checkpoints", "checkpoint=mlp", 2),
    ("home", "temperature=0.5&seed=7", 3),
    ("bigram", "show=smoothed&k=50&shade=linear", 1),
    ("bigram", "sort=probability", 1),
    ("bigram", "seed=7", 6),
    ("bigram_nn", "letter=q", 2),
    ("bigram_nn", "moment=20", 4),
    ("bigram_nn", "letter=q&k=5", 6),
    ("mlp", "at=0", 1),
    ("mlp", "letters=8", 1),
    ("mlp", "letters=2", 2),
    ("mlp", "moment=0&letter=z", 3),
    ("mlp", "size=often", 3),
    ("mlp", "number=probs.13&at=1", 5),
    ("mlp", "add=100&letter=a", 6),
    ("mlp", "add=100&maximum=yes", 6),
    ("batch_norm", "scale=0.1&gamma=2&beta=-0.5", 1),
    ("batch_norm", "net=moved", 1),
    ("batch_norm", "neuron=7", 2),
    ("batch_norm", "momentum=0.1&neuron=7", 3),
    ("batch_norm", "net=trained", 3),
    ("batch_norm", "shift=-2.5", 5),
    ("batch_norm", "moment=0", 7),
    ("batch_norm", "temperature=0.5&seed=7", 7),
    ("mlp_training", "net=trained&axis=examples", 1),
    ("mlp_training", "sweep=2&rate=0.3", 2),
    ("mlp_training", "rate=0.3", 3),
    ("mlp_training", "moment=0&axis=log", 3),
    ("mlp_training", "width=embedding", 5),
    ("mlp_training", "block=100", 6),
    ("mlp_training", "name=zoe", 7),
    ("initialisation", "letter=2", 1),
    ("initialisation", "steps=all&repair=kaiming", 2),
    ("initialisation", "left=by-hand&right=batch-norm&moment=2000&neuron=7", 3),
    ("initialisation", "below=sums", 3),
    ("initialisation", "hidden=500&examples=1000&threshold=0.97", 3),
    ("initialisation", "activation=ELU&scale=2&compared=flat", 4),
    ("initialisation", "seeds=one", 6),
    ("initialisation", "start=kaiming", 7),
    ("diagnostics", "gain=3&norm=yes&moment=1000", 1),
    ("diagnostics", "of=weights", 2),
    ("diagnostics", "rate=1000", 3),
    ("diagnostics", "gain=0.5&depth=10", 4),
    ("diagnostics", "net=C&chart=updates", 5),
    ("diagnostics", "checkpoint=mlp_2d", 6),
    ("backprop", "form=shared", 1),
    ("backprop", "edges=4&x1=-2.0&w1=0.7&nudge=b&h=1", 1),
    ("backprop", "node=counts&through=probs&row=2&column=3", 2),
    ("backprop", "gradient=h&solved=logprobs.h", 5),
    ("backprop", "gradient=W2&slip=2", 6),
    ("backprop", "example=5", 3),
    ("backprop", "variance=biased&neuron=7", 4),
    ("wavenet", "at=0", 1),
    ("wavenet", "context=4", 1),
    ("wavenet", "checkpoint=wavenet_22k&node=1.1", 1),
    ("wavenet", "context=16&batch=9", 3),
    ("wavenet", "look=join&joined=2", 3),
    ("wavenet", "look=axis&example=0&position=0", 3),
    ("bricks", "look=context", 3),
    ("experiments", "study=rate_and_batch&against=batch_size", 1),
    ("experiments", "study=rate_search&marked=worst", 2),
    ("experiments", "by=embedding", 3),
    ("experiments", "study=ladder", 4),
    ("experiments", "cost=parameters", 5),
    ("experiments", "study=ladder", 6),
    ("experiments", "space=sizes&search=random&seeds=3", 7),
]


def query(link: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in link.split("&"))


def words(app: AppTest) -> list[str]:
    """All that the page says and draws, as far as it is text."""
    return [*charts(app), *(str(each.value) for each in [*app.markdown, *app.caption, *app.metric])]


@pytest.mark.parametrize(("page", "link", "step"), VIEWS)
def test_a_link_opens_its_view_and_stays_as_it_is(page: str, link: str, step: int) -> None:
    asked = {**query(link), **({"step": str(step)} if step > 1 else {})}
    app = opened(f"{page}.py", **asked)
    assert not app.exception
    assert said(app) == said(opened(f"{page}.py", step=str(step)))
    assert app.query_params == asked
    usual = opened(f"{page}.py", **({"step": str(step)} if step > 1 else {}))
    assert usual.query_params.keys() <= {"step"}
    assert words(app) != words(usual)


@pytest.mark.parametrize(
    ("page", "link", "bad"),
    [
        ("bigram", "show=smoothed", ["k", "shade", "sort"]),
        ("mlp", "step=3", ["moment", "letter"]),
        ("batch_norm", "", ["net", "gamma"]),
        ("wavenet", "", ["checkpoint", "node", "at", "context"]),
        ("wavenet", "step=3&look=join", ["joined"]),
        ("home", "step=3", ["temperature"]),
        ("checkpoints", "", ["checkpoint"]),
    ],
)
def test_values_that_a_step_does_not_have_leave_its_link(
    page: str, link: str, bad: list[str]
) -> None:
    rest = query(link) if link else {}
    app = opened(f"{page}.py", **rest, **dict.fromkeys(bad, "<b>no such"))
    assert not app.exception
    assert app.query_params == rest
    assert said(app).count("which this step does not offer") == len(bad)
