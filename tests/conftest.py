"""What tests of several layers need."""

import os
import socket
import subprocess
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from sphinx.util.console import nocolor

from qapidoc_ext.qmp.programs import ProgramError, Programs

ROOT = Path(__file__).parent.parent

pytest_plugins = ["sphinx.testing.fixtures"]

nocolor()  # what builds say is compared as text

settings.register_profile("untimed", settings.get_profile(settings.get_current_profile_name()), deadline=None)
settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests in a browser come last: Playwright keeps an event loop in the main thread, where examples need one."""
    items.sort(key=lambda item: (ROOT / "tests" / "site") in item.path.parents)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI everything is there that a test may need: a test that is skipped has shown nothing, and fails.

    All but what only another version of QEMU has: no machine has them all.
    """
    report = yield
    if report.skipped and os.environ.get("CI") and not item.get_closest_marker("needs_a_version"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and in CI no test may be: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Where `sphinx.testing` finds the projects that tests build."""
    return ROOT / "tests" / "sphinx_ext" / "roots"


@pytest.fixture(scope="session")
def qemu_schema() -> Path:
    """The QAPI schema of a QEMU source tree: the one in QEMU_SRC, or the one that `make` fetched."""
    given = os.environ.get("QEMU_SRC")
    trees = [Path(given)] if given else sorted((ROOT / "build").glob("qemu-*"))
    for tree in reversed(trees):
        if (schema := tree / "qapi" / "qapi-schema.json").is_file():
            return schema
    pytest.skip("no QEMU source: set QEMU_SRC, or let `make test` fetch it")


@pytest.fixture(scope="session")
def emulator() -> Path:
    """The QEMU in the folder $QEMU_BIN, or on PATH."""
    try:
        return Programs(folder=os.environ.get("QEMU_BIN", "")).find("qemu-system-x86_64")
    except ProgramError as error:
        pytest.skip(str(error))


@pytest.fixture
def monitored(emulator: Path) -> Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]:
    """Starts a QEMU that runs in the folder of a socket and has its monitor there, and ends it behind the block.

    The socket listens before QEMU starts, and QEMU waits for its first client: one that comes while QEMU sets up its
    monitor can crash it, or fail to negotiate.
    """

    @contextmanager
    def start(path: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(path))
            listening.listen()
            number = listening.fileno()
            monitor = f"-chardev socket,id=monitor,fd={number},server=on,wait=on -mon monitor,mode=control"
            given = f"-machine none -nodefaults -display none {monitor}".split()
            process = subprocess.Popen([emulator, *given, *options], cwd=path.parent, pass_fds=[number])
        with process:
            try:
                yield process
            finally:
                process.kill()

    return start
