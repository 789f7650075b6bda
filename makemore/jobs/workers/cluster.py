"""Workers of a Dask cluster, as they come and go: finds them, checks their code, hands them to the pool.

Whatever waits for the network does so in a thread of its own; a page never does.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import Any, Literal

from distributed import rpc
from distributed.protocol.pickle import dumps

from makemore.experiments.code_versions import differences, versions
from makemore.jobs.workers.cluster_host import ClusterHost, Patience, close_line
from makemore.jobs.workers.hosts import OnLost, OnReport
from makemore.jobs.workers.seat import prepare_worker

Standing = Literal["greeted", "free", "taken", "refused"]
Connection = Mapping[str, Any]  # what Dask's own `Security.get_connection_args` returns

CLOSE_SECONDS = 5.0
log = logging.getLogger("makemore.jobs")


class Cluster:
    """The crew of a server: one host for each worker that runs the same code.

    address: that of Dask's scheduler, as tcp://host:8786 or tls://host:8786.
    """

    def __init__(
        self, address: str, connection: Connection | None = None, patience: Patience | None = None
    ) -> None:
        self._address, self._connection = address, dict(connection or {})
        self._patience = patience or Patience()
        self._lock = Lock()  # guards what stands below
        self._standing: dict[str, Standing] = {}  # of each worker, by its address
        self._refusals: dict[str, str] = {}  # why, by address
        self._trouble = "the server has not reached its cluster yet"
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._started = Event()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def missing(self) -> str:
        """Why no worker is there, in words; they name no address, as learners read them."""
        with self._lock:
            if self._trouble:
                return self._trouble
            if self._refusals:
                return f"a worker of the cluster was refused: {next(iter(self._refusals.values()))}"
            return "the cluster has no worker yet"

    def begin(self, on_change: Callable[[], None]) -> None:
        """Connect in the background, now and whenever the connection is lost."""
        self._on_change = on_change
        versions()  # of what is running, whatever happens to the files later
        self._thread = Thread(
            target=lambda: asyncio.run(self._attend()), name="makemore-cluster", daemon=True
        )
        self._thread.start()

    def start_host(self, on_report: OnReport, on_lost: OnLost) -> ClusterHost | None:
        """A host for a free worker. Returns at once: its messages wait until it is connected."""
        with self._lock:
            free = [each for each, standing in self._standing.items() if standing == "free"]
            if not free or self._loop is None:
                return None
            self._standing[free[0]] = "taken"
            return ClusterHost(
                free[0],
                self._line(free[0]),
                self._patience,
                is_listed=self._is_listed,
                on_end=self._release,
                on_report=on_report,
                on_lost=on_lost,
                loop=self._loop,
            )

    def close(self) -> None:
        """End the thread; what is left of a worker that is out of reach ends by itself."""
        self._started.wait(CLOSE_SECONDS)
        if self._loop is not None and self._main is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(CLOSE_SECONDS)

    def _line(self, address: str) -> rpc:
        """Connections to a scheduler or worker, made when they are needed."""
        seconds = self._patience.connect
        return rpc(address, timeout=seconds, connection_args=self._connection)

    async def _attend(self) -> None:
        """Look at who is there, again and again, until `close()`."""
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        # What the pool does with a report may take it a moment; it takes one at a time anyway.
        self._loop.set_default_executor(ThreadPoolExecutor(1, "makemore-reports"))
        self._started.set()
        self._scheduler = self._line(self._address)
        try:
            while True:
                if (listed := await self._list_workers()) is not None:
                    self._meet(listed)
                await asyncio.sleep(self._patience.look)
        except asyncio.CancelledError:
            await close_line(self._scheduler)

    async def _list_workers(self) -> set[str] | None:
        """The addresses of all workers; None where the scheduler does not answer."""
        try:
            asked = self._scheduler.identity()
            found = await asyncio.wait_for(asked, self._patience.connect)
        except (OSError, ValueError) as error:
            await self._note_trouble("the cluster does not answer", type(error).__name__)
            return None
        await self._note_trouble("", "")
        return set(found["workers"])

    async def _note_trouble(self, trouble: str, kind: str) -> None:
        with self._lock:
            before, self._trouble = self._trouble, trouble
        if before == trouble:
            return
        event = "cluster_unreachable" if trouble else "cluster_reached"
        log.log(logging.WARNING if trouble else logging.INFO, "event=%s kind=%s", event, kind)
        await asyncio.to_thread(self._on_change)

    async def _is_listed(self, address: str) -> bool | None:
        listed = await self._list_workers()
        return None if listed is None else address in listed

    def _meet(self, listed: set[str]) -> None:
        """Greet who is new and forget who is gone; whoever is taken is watched by its host."""
        with self._lock:
            for address in [each for each in self._standing if each not in listed]:
                if self._standing[address] != "taken":
                    del self._standing[address]
                self._refusals.pop(address, None)
            new = [each for each in sorted(listed) if each not in self._standing]
            self._standing |= dict.fromkeys(new, "greeted")
        for address in new:
            self._tasks.add(task := asyncio.create_task(self._greet(address)))
            task.add_done_callback(self._tasks.discard)

    async def _greet(self, address: str) -> None:
        """Let a worker get ready, and take it on if it runs what this server runs."""
        line = self._line(address)
        try:
            # Dask's own call takes a function pickled: by its name, as both have the same code.
            asked = line.run(function=dumps(prepare_worker))
            answer = await asyncio.wait_for(asked, self._patience.silent)
            problem = differences(versions(), answer["result"])
        except OSError:  # asked again at the next look
            self._release(address)
            return
        except Exception as error:  # the code that answers is missing there, or is another one
            problem = f"it does not know this release ({type(error).__name__}: {error}). "
            problem += "Install the same release on both and start the worker again"
        finally:
            await close_line(line)
        self._judge(address, problem)
        await asyncio.to_thread(self._on_change)

    def _judge(self, address: str, problem: str) -> None:
        with self._lock:
            if address not in self._standing:  # it is gone meanwhile
                return
            self._standing[address] = "refused" if problem else "free"
            if not problem:
                self._refusals.pop(address, None)
            elif self._refusals.get(address) != problem:
                log.error("event=worker_refused worker=%s why=%r", address, problem)
                self._refusals[address] = problem
        if problem:  # somebody may put it right
            loop = asyncio.get_running_loop()
            loop.call_later(self._patience.refused, self._release, address)

    def _release(self, address: str) -> None:
        """Have the worker greeted again at the next look."""
        with self._lock:
            self._standing.pop(address, None)
