"""Times how long a change of a control takes to be seen, and names controls for it. Knows no server."""

from collections.abc import Callable
from typing import Literal

from playwright.sync_api import Page

from tests.browser.conftest import Visit

Act = Callable[[Page], None]


def pressing(role: Literal["radio", "button"], *names: str) -> tuple[Act, ...]:
    return tuple(
        lambda page, name=name: page.get_by_role(role, name=name).click() for name in names
    )


def sliding(place: int) -> tuple[Act, ...]:
    keys = ("ArrowLeft", "ArrowRight")
    return tuple(lambda page, k=k: page.get_by_role("slider").nth(place).press(k) for k in keys)


# A link, and what to do there in turn: each change is undone by the next one, or goes on.
CONTROLS: dict[str, tuple[str, tuple[Act, ...]]] = {
    "show": ("/bigram", pressing("radio", "Probabilities", "Counts")),
    "shade": ("/bigram", pressing("radio", "Linear", "Logarithmic")),
    "k beside L2": ("/bigram_nn?step=6", sliding(0)),
    "L2": ("/bigram_nn?step=6", sliding(1)),
    "one step": ("/bigram_nn?step=3", pressing("button", "One step")),
    "moment": ("/bigram_nn?step=4", sliding(0)),
    "seed": ("/bigram?step=6", pressing("button", "Next seed")),
}


def repaint(tab: Visit, act: Act) -> float:
    """Milliseconds from the act to the last change of any chart or figure."""
    tab.page.evaluate(
        """() => {
            window.began = 0; window.last = 0;
            if (window.watched) return;
            window.watched = true;
            for (const kind of ['pointerup', 'keydown'])
                addEventListener(kind, () => { window.began ||= performance.now() }, true);
            const main = document.querySelector('[data-testid="stMain"]');
            new MutationObserver(all => {
                const real = all.some(m => m.target.closest?.('svg.marks') || m.target.parentElement
                    ?.closest('svg.marks, [data-testid="stMetric"], [data-testid="stMarkdown"]'));
                if (window.began && real) window.last = performance.now();
            }).observe(main, {subtree: true, childList: true, attributes: true,
                characterData: true});
        }"""
    )
    act(tab.page)
    quiet = "() => window.last && performance.now() - window.last > 400"
    tab.page.wait_for_function(quiet, polling=100)
    return float(tab.page.evaluate("() => window.last - window.began"))
