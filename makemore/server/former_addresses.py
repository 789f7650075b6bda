"""Sends whoever follows a link to a page that is no more to the steps that took over. Draws nothing."""

from urllib.parse import parse_qsl, urlencode

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

STEP, RUN = "step", "run"
CARRIED = ("name", "seed", "list")  # what follows a visitor from page to page
# Page and step that were -> page and step that are, and whether the switches of the step are the same.
Place = tuple[str, int, bool]
FORMER: dict[str, dict[int, Place]] = {
    "mlp_bn": {
        1: ("initialisation", 3, False),
        2: ("initialisation", 5, False),
        3: ("initialisation", 1, False),
        4: ("batch_norm", 1, True),
        5: ("batch_norm", 7, True),
        6: ("batch_norm", 7, True),
    }
}

# Pages that are there, but without the panel that they had: a link to a run goes where that is now.
RUNS: dict[str, tuple[str, int]] = {"mlp": ("mlp_training", 3)}


def find_place(path: str, query: str) -> str:
    """The address, relative to this one, of what a former one showed; "" for one that is none."""
    former = path.rstrip("/").rpartition("/")[2]
    asked = dict(parse_qsl(query))
    step = asked.pop(STEP, "1")
    if steps := FORMER.get(former):
        place = steps.get(int(step) if step.isascii() and step.isdigit() else 1, steps[1])
    elif former in RUNS and RUN in asked:
        place = (*RUNS[former], True)
    else:
        return ""
    page, number, same = place
    kept = {key: value for key, value in asked.items() if same or key in CARRIED}
    if number > 1:
        kept[STEP] = str(number)
    up = "../" if path.endswith("/") else ""
    return f"{up}{page}" + (f"?{urlencode(kept)}" if kept else "")


class FormerAddresses:
    """Stands before Streamlit, which knows the pages that are there alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            place = find_place(scope["path"], scope["query_string"].decode("latin-1"))
            if place:
                await RedirectResponse(place, 308)(scope, receive, send)
                return
        await self.app(scope, receive, send)
