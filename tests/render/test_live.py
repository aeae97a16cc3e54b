"""What a page says to run, run: a live QEMU takes it."""

import asyncio
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from qemu.qmp import QMPClient

from qapidoc_ext.introspect.detect import python_program as detecting_program
from qapidoc_ext.render.reference import Reference
from qapidoc_ext.render.wire import python_program
from qapidoc_ext.schema.load import load

NODE = "NODE-NAME"
Monitored = Callable[..., AbstractContextManager[subprocess.Popen[bytes]]]


@pytest.fixture(scope="session")
def qmp(qemu_schema: Path) -> Reference:
    return Reference(schema=load(qemu_schema).schema, namespace="qmp", words={"BlockdevOptions": "driver"})


def run(program: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


async def nodes(monitor: str) -> dict[str, str]:
    """The driver of each node, by its name."""
    client = QMPClient()
    await client.connect(monitor)
    found: Any = await client.execute("query-named-block-nodes")
    await client.disconnect()
    return {node["node-name"]: node["drv"] for node in found}


@pytest.mark.parametrize("driver", ["null-co", "null-aio", "file"])
@pytest.mark.parametrize("extent", ["minimal", "full"])
def test_the_python_program(qmp: Reference, monitored: Monitored, tmp_path: Path, driver: str, extent: str) -> None:
    (tmp_path / "disk.img").write_bytes(bytes(1 << 20))
    made = qmp.branch("BlockdevOptions", driver).requests
    assert made is not None
    arguments = made.minimal_arguments if extent == "minimal" else made.full_arguments
    # What only a person knows: the image, and that there is no persistent reservation manager.
    arguments = {key: value for key, value in arguments.items() if key != "pr-manager"}
    arguments |= {"filename": "disk.img"} if driver == "file" else {}
    with monitored(tmp_path / "qmp.sock"):
        assert run(python_program(made.command, arguments), tmp_path) == "{}"
        assert asyncio.run(nodes(os.path.relpath(tmp_path / "qmp.sock"))) == {NODE: driver}


@pytest.mark.parametrize("driver", ["null-co", "file"])
@pytest.mark.parametrize("form", [0, 1])
def test_the_command_line(qmp: Reference, monitored: Monitored, tmp_path: Path, driver: str, form: int) -> None:
    (tmp_path / "FILENAME").write_bytes(bytes(1 << 20))
    line = qmp.branch("BlockdevOptions", driver).command_lines[0][form]
    with monitored(tmp_path / "qmp.sock", *shlex.split(line)):
        assert asyncio.run(nodes(os.path.relpath(tmp_path / "qmp.sock"))) == {NODE: driver}


def test_the_program_that_looks_for_a_feature(qmp: Reference, monitored: Monitored, tmp_path: Path) -> None:
    [carrier] = qmp.feature("dynamic-auto-read-only").carriers
    assert carrier.detection is not None
    with monitored(tmp_path / "qmp.sock"):
        assert run(detecting_program(carrier.detection), tmp_path) == "True"
        absent = detecting_program(carrier.detection).replace("dynamic-auto-read-only", "nothing-like-it")
        assert run(absent, tmp_path) == "False"
