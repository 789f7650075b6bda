"""A worker process from its start to its end: its priority, its pipe, the lists it remembers. Trains nothing."""

from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from os import nice
from queue import SimpleQueue
from signal import SIG_IGN, SIGINT, signal
from threading import Thread

from makemore.data.examples import RememberedLists
from makemore.jobs.messages import Close, Message, Order, SearchRate
from makemore.jobs.workers.loop import WorkerLoop

NICE = 10


def run_in_process(connection: Connection) -> None:
    """Run the loop in a worker process, from the start of the process to its end."""
    signal(SIGINT, SIG_IGN)  # Ctrl-C is for the server, which then asks for the last states
    with suppress(OSError):
        nice(NICE)
    inbox: SimpleQueue[Message] = SimpleQueue()
    Thread(
        target=_receive_messages, args=(connection, inbox), name="makemore-messages", daemon=True
    ).start()
    with suppress(OSError):  # the server is gone: nobody is left to report to
        WorkerLoop(inbox, connection.send).run()


def _receive_messages(connection: Connection, inbox: SimpleQueue[Message]) -> None:
    """Empty the pipe at all times, so that the server never waits to write. Ends with the server."""
    lists = RememberedLists()
    while True:
        try:
            message = connection.recv()
        except (EOFError, OSError):
            inbox.put(Close())
            return
        inbox.put(remember_dataset(message, lists))


def remember_dataset(message: Message, lists: RememberedLists) -> Message:
    """The message with its list as it came before."""
    if not isinstance(message, Order | SearchRate):
        return message
    return replace(message, dataset=lists.same_as(message.dataset))
