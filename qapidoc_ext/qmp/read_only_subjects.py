"""The drivers whose `read-only` and `auto-read-only` are measured: those that need nothing off this machine."""

from __future__ import annotations

from qapidoc_ext.qmp.pattern import Json
from qapidoc_ext.qmp.read_only_examples import IMAGE, SIZE, Subject

_INLINE: dict[str, Json] = {"driver": "file", "filename": IMAGE}
_SEPARATE: dict[str, Json] = {**_INLINE, "node-name": "protocol", "auto-read-only": True}
_FILE_TARGET = "a file whose mode is 0600, and 0400 without write permission"

_FORMAT = f"""\
-> {{ "execute": "blockdev-add",
     "arguments": {{ "driver": "file", "node-name": "new", "filename": "{IMAGE}" }} }}
-> {{ "execute": "blockdev-create",
     "arguments": {{ "job-id": "create", "options": {{ "driver": "%s", "file": "new", "size": 1048576 }} }} }}
<- {{ "event": "JOB_STATUS_CHANGE", "data": {{ "id": "create", "status": "concluded" }} }}
-> {{ "execute": "job-dismiss", "arguments": {{ "id": "create" }} }}
-> {{ "execute": "blockdev-del", "arguments": {{ "node-name": "new" }} }}
"""
# The storage daemon of 5.2 lists object-add, and does not have it.
_GROUP = """\
-> { "execute": "object-add",
     "arguments": { "qom-type": "throttle-group", "id": "group" } }
"""
_SERVER = """\
server-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "rw", "size": 1048576 } }
server-> { "execute": "blockdev-add", "arguments": { "driver": "null-co", "node-name": "ro", "size": 1048576 } }
server-> { "execute": "nbd-server-start",
           "arguments": { "addr": { "type": "unix", "data": { "path": "nbd.socket" } } } }
server-> { "execute": "block-export-add",
           "arguments": { "type": "nbd", "id": "rw", "node-name": "rw", "writable": true } }
server-> { "execute": "block-export-add", "arguments": { "type": "nbd", "id": "ro", "node-name": "ro" } }
"""


def _over_file(
    driver: str, *, options: dict[str, Json] | None = None, before: str = "", machines: str = ""
) -> tuple[Subject, Subject]:
    """A format or a filter, over a file node that is part of its request, and over one that has its own request.

    The members are those of the format or filter. The separate file node has `auto-read-only`, as libvirt gives it: so
    it shows what is done to it.
    """
    child = "image" if driver == "blkdebug" else "file"
    inline = Subject(
        driver=driver,
        over="an inline file node",
        target=_FILE_TARGET,
        options={child: _INLINE, **(options or {})},
        before=before,
        has_image=True,
        machines=machines,
    )
    separate = Subject(
        driver=driver,
        over="a separate file node",
        target=f"{_FILE_TARGET}; its node has auto-read-only",
        options={child: "protocol", **(options or {})},
        before=before,
        each_time=(_SEPARATE,),
        has_image=True,
        machines=machines,
    )
    return inline, separate


SUBJECTS = (
    Subject(driver="file", target=_FILE_TARGET, options={"filename": IMAGE}, has_image=True),
    Subject(
        driver="nbd",
        target="an export that may be written, and one that may not",
        options={"server": {"type": "unix", "path": "nbd.socket"}, "export": "rw"},
        locked={"export": "ro"},
        before=_SERVER,
        machines="server=qemu-storage-daemon, vm",
    ),
    Subject(driver="null-co", options={"size": SIZE}),
    Subject(driver="null-aio", options={"size": SIZE}),
    Subject(
        driver="vvfat",
        target="a directory, with rw=on, and without write permission with rw=off",
        options={"dir": ".", "rw": True},
        locked={"rw": False},
    ),
    *_over_file("raw"),
    *_over_file("qcow2", before=_FORMAT % "qcow2"),
    *_over_file("copy-on-read"),
    *_over_file("throttle", options={"throttle-group": "group"}, before=_GROUP, machines="vm=qemu-system-x86_64"),
    *_over_file("blkdebug"),
    *_over_file("preallocate"),
)
