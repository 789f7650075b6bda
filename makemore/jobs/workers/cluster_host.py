"""The server's side of a worker in a cluster: sends its messages, waits for its reports, tells when it is gone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from secrets import token_hex
from threading import Event
from time import monotonic
from typing import Any

from distributed import rpc
from distributed.protocol.serialize import to_serialize

from makemore.jobs.messages import Close, Message
from makemore.jobs.workers.hosts import OnLost, OnReport

CLOSE_SECONDS = 1.0  # for the last word to a worker
RETRY = 0.1  # seconds after an answer did not come


@dataclass(frozen=True)
class Patience:
    """How long a server waits for its cluster, in seconds.

    A network that is cut for less than `silent` costs nothing: what a worker has to report it keeps.
    """

    look: float = 1.0  # between two looks at who is in the cluster
    connect: float = 5.0  # for a connection, before it is tried again
    hold: float = (
        5.0  # that a worker with nothing to report holds its answer back; less than the next
    )
    silent: float = 30.0  # without an answer, until a worker is given up
    abandoned: float = 60.0  # unasked, until a worker ends what nobody follows
    refused: float = 10.0  # until a worker that was refused is looked at again


class LostWorkerError(Exception):
    """A worker will not answer any more; the message says what has become of it."""


async def close_line(line: rpc) -> None:
    """Close its connections, in order where the other end is in reach."""
    comms: list[Any] = list(line.comms)
    with suppress(OSError):
        await asyncio.wait_for(line.close_rpc(), CLOSE_SECONDS)
    for comm in comms:
        comm.abort()


class ClusterHost:
    """A worker of a cluster. All but its first and last moment is spent in the loop of the cluster's thread.

    is_listed: asks the scheduler whether the worker at an address is there; None where that does not answer.
    on_end: called with the address when the worker has nothing more to do here.
    """

    def __init__(
        self,
        address: str,
        line: rpc,
        patience: Patience,
        *,
        is_listed: Callable[[str], Awaitable[bool | None]],
        on_end: Callable[[str], None],
        on_report: OnReport,
        on_lost: OnLost,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.busy: int | None = None
        self.address = address
        self._line, self._patience, self._loop = line, patience, loop
        self._is_listed, self._on_end = is_listed, on_end
        self._on_report, self._on_lost = on_report, on_lost
        self._seat, self._ended = token_hex(8), Event()
        self._closing = False
        self._outbox: asyncio.Queue[Message] = asyncio.Queue()
        asyncio.run_coroutine_threadsafe(self._serve(), loop)

    def send(self, message: Message) -> None:
        self._closing = self._closing or isinstance(message, Close)
        with suppress(RuntimeError):  # the loop has ended, and so has the worker
            self._loop.call_soon_threadsafe(self._outbox.put_nowait, message)

    def join(self, timeout: float) -> None:
        self._ended.wait(timeout)

    async def _serve(self) -> None:
        """Talk with the worker until it has ended or is lost."""
        what = ""
        try:
            await self._ask("makemore_open", abandoned=self._patience.abandoned)
            tasks = {asyncio.create_task(each) for each in (self._send_all(), self._receive_all())}
            done, left = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)
            await next(iter(done))  # raises what ended it
        except LostWorkerError as lost:
            what = str(lost)
        except Exception as error:  # an answer of another kind than ours
            what = f"the worker that trained this answers {type(error).__name__}: {error}"
        finally:
            await close_line(self._line)
            self._on_end(self.address)
            if what:
                await asyncio.to_thread(self._on_lost, self, what)
            self._ended.set()

    async def _send_all(self) -> None:
        """Send what is in the outbox, in its order, all that has gathered at a time."""
        sent = 0
        while True:
            messages = [await self._outbox.get()]
            while not self._outbox.empty():
                messages.append(self._outbox.get_nowait())
            await self._ask("makemore_hear", first=sent, messages=to_serialize(messages))
            sent += len(messages)

    async def _receive_all(self) -> None:
        """Pass the reports on, each once and in their order, until the worker has ended."""
        received = 0
        while True:
            answer = await self._ask("makemore_report", after=received, hold=self._patience.hold)
            if reports := answer["reports"]:
                received += len(reports)
                await asyncio.to_thread(self._pass_on, reports)
            elif answer["ended"] and self._closing:
                return
            elif answer["ended"]:
                raise LostWorkerError("the worker that trained this was out of reach for too long")

    def _pass_on(self, reports: list[Any]) -> None:
        for report in reports:
            self._on_report(self, report)

    async def _ask(self, operation: str, **said: Any) -> dict[str, Any]:
        """The worker's answer, asked for again while it may still come. Raises LostWorkerError."""
        began = monotonic()
        while True:
            try:
                asked = getattr(self._line, operation)(seat=self._seat, **said)
                answer: dict[str, Any] | None = await asyncio.wait_for(asked, self._patience.silent)
            except OSError:  # no connection, a broken one, or no answer in time
                await self._check_reach(began)
                continue
            if answer is None or answer["status"] != "OK":
                raise LostWorkerError("the worker that trained this has started anew")
            return answer

    async def _check_reach(self, began: float) -> None:
        """Raises LostWorkerError where it is known to have ended, or has been out of reach for too long."""
        await asyncio.sleep(RETRY)
        if await self._is_listed(self.address) is False:
            raise LostWorkerError("the worker that trained this has ended")
        if monotonic() - began >= self._patience.silent:
            seconds = f"{self._patience.silent:g} seconds"
            raise LostWorkerError(f"the worker that trained this has not answered for {seconds}")
