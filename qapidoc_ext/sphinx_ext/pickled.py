"""Values that are kept with a document or the environment, and hardly ever needed."""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import Generic, TypeVar

from docutils import nodes

_Value = TypeVar("_Value")


class Pickled(Generic[_Value]):
    """A value that is not loaded with what it belongs to, but when it is asked for.

    Sphinx loads and writes its environment as a whole, in builds with many processes a hundred times.
    """

    def __init__(self, value: _Value) -> None:
        """It may be changed before it is pickled, not afterwards."""
        self._value: _Value | None = value
        self._data = b""

    def value(self) -> _Value:
        """The value itself, always the same object."""
        if self._value is None:
            self._value = pickle.loads(self._data)  # noqa: S301 - a part of Sphinx's own pickles
        return self._value

    def __getstate__(self) -> bytes:
        self._data = self._data or _pickle(self._value)
        return self._data

    def __setstate__(self, data: bytes) -> None:
        self._value, self._data = None, data


def _pickle(value: object) -> bytes:
    """The value; nodes in it without the document that they know that they belong to."""
    stream = BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {nodes.document: lambda _document: (type(None), ())}
    pickler.dump(value)
    return stream.getvalue()
