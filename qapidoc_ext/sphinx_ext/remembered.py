"""What a build works out from files, kept beside the doctrees for the next one while those files are the same."""

from __future__ import annotations

import gc
import os
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from qapidoc_ext.schema.load import Loaded, load, version_above

_PACKAGE = Path(__file__).parent.parent
_Value = TypeVar("_Value")
Stamp = tuple[object, ...]
"""Differs when what it stands for may differ."""


@cache
def _of_package() -> Stamp:
    """The stamp of this program: what an earlier version of it worked out is of no use."""
    return stamp(path for path in _PACKAGE.rglob("*") if path.suffix != ".pyc" and path.is_file())


def stamp(paths: Iterable[Path]) -> Stamp:
    """The stamp of what files hold."""
    return tuple((str(path), *_status(path)) for path in sorted(paths))


def _status(path: Path) -> tuple[int, ...]:
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_size, status.st_ino


def remembered(folder: Path, key: object, current: Stamp, make: Callable[[], _Value]) -> _Value:
    """What `make` gives, or what it gave for this key when the stamp was the same."""
    path = _path(folder, key)
    found: Any = _read(path)
    if found and found[:2] == (_of_package(), current):
        value: _Value = found[2]
        return value
    value = make()
    _write(path, (_of_package(), current, value))
    return value


def load_remembered(path: Path, folder: Path) -> Loaded:
    """What :func:`load` gives. Only a schema without faults is kept: a file that is missing may be there next time."""
    kept = _path(folder, ("schema", path))
    found: Any = _read(kept)
    if found and found[:2] == (_of_package(), _of_schema(path, found[2])):
        loaded: Loaded = found[2]
        return loaded
    loaded = load(path)
    if not loaded.findings:
        _write(kept, (_of_package(), _of_schema(path, loaded), loaded))
    return loaded


def _of_schema(path: Path, loaded: Loaded) -> Stamp:
    modules = [Path(module.path) for module in loaded.schema.modules]
    return str(path), version_above(path), *stamp(modules)


def _path(folder: Path, key: object) -> Path:
    return Path(folder) / f"qapidoc-{sha256(repr(key).encode()).hexdigest()[:16]}.pickle"


def _read(path: Path) -> object:
    """What stands in a file; None where it is not there, or was not written to its end, or by another version."""
    try:
        with _no_collection():
            return pickle.loads(path.read_bytes())  # noqa: S301 - beside Sphinx's own, and as trustworthy
    except Exception:  # noqa: BLE001 - unpickling may raise anything
        return None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the search for garbage, which takes a third of the time that many new values do, and finds none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    unfinished.replace(path)
