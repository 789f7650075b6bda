"""Lets a crowd of new sessions in one after the other. Knows no page and nobody.

To open a page takes a server ten times what an answer takes. Whoever comes in a class waits for nothing,
or some seconds; of a crowd that goes on coming, as many a second are let in as leave time for those who
are there, and the rest wait in the order in which they came.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

AT_ONCE, A_SECOND = 20, 2.5
# Seconds. A browser whose connection is refused comes again by itself, and so does one that has waited
# for 15: a place in a longer line would often be that of somebody who has left.
MOST_WAIT = 10.0
TRY_AGAIN = 1013  # the code of a websocket for it


class Pace:
    """So many at once, then so many a second."""

    def __init__(
        self,
        *,
        at_once: int = AT_ONCE,
        a_second: float = A_SECOND,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._gap, self._clock = 1 / a_second, clock
        self._ahead = (at_once - 1) * self._gap  # how far the plan may be ahead of the clock
        self._planned = 0.0  # when the next one comes in at an even pace

    def next_wait(self) -> float:
        """The seconds that the one who comes now has to wait."""
        now = self._clock()
        self._planned = max(self._planned, now)
        wait = max(0.0, self._planned - self._ahead - now)
        if wait <= MOST_WAIT:
            self._planned += self._gap
        return wait


class Doorway:
    """Stands before Streamlit: a new websocket, which is a session or one that comes back, keeps the pace."""

    def __init__(self, app: ASGIApp, pace: Pace | None = None) -> None:
        self.app, self._pace = app, pace or Pace()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            wait = self._pace.next_wait()
            if wait > MOST_WAIT:
                await send({"type": "websocket.close", "code": TRY_AGAIN})
                return
            await asyncio.sleep(wait)
        await self.app(scope, receive, send)
