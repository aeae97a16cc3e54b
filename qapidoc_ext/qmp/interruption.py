"""Signals that arrive while an example runs."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


@contextmanager
def signals_cancel() -> Iterator[None]:
    """Cancels the running task when a signal asks the process to end; the signal has its usual effect behind the block.

    A signal that is ignored stays so. Only in the main thread: elsewhere Python cannot handle signals.

    :raise ValueError: not in the main thread.
    """
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    received: list[int] = []

    def cancel(number: int, _frame: FrameType | None) -> None:
        if task and not received:
            loop.call_soon_threadsafe(task.cancel)
        received.append(number)

    handled = [number for number in _SIGNALS if signal.getsignal(number) not in {signal.SIG_IGN, None}]
    previous = {number: signal.signal(number, cancel) for number in handled}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        if received:
            if task:
                task.uncancel()
            signal.raise_signal(received[0])
