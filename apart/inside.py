"""A killable process's own end: orders on its input, one JSON object a line for the server on its output."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, BinaryIO, TypeVar

Order = TypeVar("Order")


class Inside:
    """What the process says goes through ``tell``; whatever libraries print goes nowhere near it.

    ``silent``: nor does what they write to stderr (addresses, passwords and all).
    """

    def __init__(self, *, silent: bool = False) -> None:
        self._answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        if silent:
            os.dup2(nowhere, 2)

    def tell(self, told: dict[str, Any]) -> None:
        """One line to the server."""
        self._answers.write(json.dumps(told, ensure_ascii=False) + "\n")
        self._answers.flush()

    def orders(self, take: Callable[[BinaryIO], Iterator[Order]]) -> "SimpleQueue[Order]":
        """What ``take`` makes of the input, as it comes. When the input ends, so does the process, at once.

        A thread of its own reads it: when the server goes away, even a library that hangs is left.
        """
        orders: SimpleQueue[Order] = SimpleQueue()
        threading.Thread(target=_pass_on, args=(take, orders), daemon=True).start()
        return orders


def lines(wire: BinaryIO) -> Iterator[str]:
    """The input as lines of text."""
    for line in wire:
        yield line.decode()


def _pass_on(take: Callable[[BinaryIO], Iterator[Order]], orders: "SimpleQueue[Order]") -> None:
    try:
        for order in take(sys.stdin.buffer):
            orders.put(order)
    finally:
        os._exit(0)
