"""What tests of several layers need."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytest_plugins = ["sphinx.testing.fixtures"]


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
