"""The drivers whose `read-only` and `auto-read-only` are measured: those that need nothing off this machine."""

from __future__ import annotations

import json
from dataclasses import replace

from qapidoc_ext.qmp.pattern import Json
from qapidoc_ext.qmp.read_only_examples import Subject

_SIZE = 1048576
"""Bytes in a target."""
_IMAGE = "target.img"
_DEVICE = "target.dev"
_INLINE: dict[str, Json] = {"driver": "file", "filename": _IMAGE}
_OTHER: dict[str, Json] = {"driver": "file", "filename": "other.img"}
_OTHER_IMAGE = f'>>> vm.image("other.img", size={_SIZE})'

_CREATED = """\
-> { "execute": "blockdev-add",
     "arguments": { "driver": "file", "node-name": "new", "filename": "target.img" } }
-> { "execute": "blockdev-create",
     "arguments": { "job-id": "create", "options": { %s, "file": "new", "size": 1048576 } } }
<- { "event": "JOB_STATUS_CHANGE", "data": { "id": "create", "status": "concluded" } }
-> { "execute": "query-jobs" }
<- { "return": [ { "id": "create", "type": "create", "status": "concluded",
                   "current-progress": <int>, "total-progress": <int> } ] }
-> { "execute": "job-dismiss", "arguments": { "id": "create" } }
-> { "execute": "blockdev-del", "arguments": { "node-name": "new" } }
"""
# The storage daemon of 5.2 lists object-add, and does not have it: the example names the emulator.
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

_FILE = Subject(
    driver="file",
    target="a file whose mode is 0600, and 0400 without write permission",
    options={"filename": _IMAGE},
    before=f'>>> vm.image("{_IMAGE}", size={_SIZE})',
    file=_IMAGE,
    requires=("not-root",),
)


def _inline(driver: str, options: dict[str, Json], *, before: str = "", machines: str = "") -> Subject:
    """A format or a filter, over a file node that is part of its request. The members are those of the former."""
    return replace(
        _FILE,
        driver=driver,
        over="an inline file node",
        options=options,
        before=f"{_FILE.before}\n{before}",
        machines=machines,
    )


def _both(inline: Subject) -> tuple[Subject, Subject]:
    """The same over a file node that has a request of its own, too.

    That has `auto-read-only`, as libvirt gives it: so it shows what is done to it.
    """
    separate = replace(
        inline,
        over="a separate file node",
        target=f"{inline.target}; its node has auto-read-only",
        options={name: "protocol" if value == _INLINE else value for name, value in inline.options.items()},
        below={**_INLINE, "node-name": "protocol", "auto-read-only": True},
    )
    return inline, separate


def _format(driver: str, **options: Json) -> Subject:
    creation = ", ".join(f'"{name}": {json.dumps(value)}' for name, value in {"driver": driver, **options}.items())
    return _inline(driver, {"file": _INLINE}, before=_CREATED % creation)


SUBJECTS = (
    # protocols
    _FILE,
    replace(
        _FILE,
        driver="host_device",
        target="a loop device whose mode is 0600, and 0400 without write permission",
        options={"filename": _DEVICE},
        before=f'{_FILE.before}\n>>> vm.loop_device("{_DEVICE}", "{_IMAGE}")',
        file=_DEVICE,
        requires=("not-root", "loop-device"),
    ),
    Subject(
        driver="nbd",
        target="an export that may be written, and one that may not",
        options={"server": {"type": "unix", "path": "nbd.socket"}, "export": "rw"},
        locked={"export": "ro"},
        before=_SERVER,
        machines="server=qemu-storage-daemon, vm",
    ),
    Subject(driver="null-co", options={"size": _SIZE}),
    Subject(driver="null-aio", options={"size": _SIZE}),
    Subject(
        driver="vvfat",
        target="a directory, with rw=on, and without write permission with rw=off",
        options={"dir": ".", "rw": True},
        locked={"rw": False},
    ),
    # formats
    *_both(_inline("raw", {"file": _INLINE})),
    *_both(_format("qcow2")),
    _format("parallels"),
    _format("qcow"),
    _format("qed"),
    _format("vdi"),
    _format("vhdx"),
    _format("vmdk"),
    _format("vpc", **{"force-size": True}),
    # filters
    *_both(_inline("blkdebug", {"image": _INLINE})),
    *_both(_inline("copy-on-read", {"file": _INLINE})),
    *_both(_inline("preallocate", {"file": _INLINE})),
    *_both(
        _inline(
            "throttle", {"file": _INLINE, "throttle-group": "group"}, before=_GROUP, machines="vm=qemu-system-x86_64"
        )
    ),
    _inline("blklogwrites", {"file": _INLINE, "log": _OTHER}, before=_OTHER_IMAGE),
    _inline("blkverify", {"test": _INLINE, "raw": _OTHER}, before=_OTHER_IMAGE),
    replace(
        _format("qcow2"),
        driver="compress",
        over="an inline qcow2 node",
        options={"file": {"driver": "qcow2", "file": _INLINE}},
    ),
    _inline("copy-before-write", {"file": _INLINE, "target": _OTHER}, before=_OTHER_IMAGE),
    replace(
        _inline(
            "snapshot-access",
            {"file": {"driver": "copy-before-write", "file": _INLINE, "target": _OTHER}},
            before=_OTHER_IMAGE,
        ),
        over="an inline copy-before-write node",
    ),
    _inline("quorum", {"children": [_INLINE, _OTHER], "vote-threshold": 1}, before=_OTHER_IMAGE),
)

_SERVER_DRIVERS = "ftp ftps gluster http https iscsi nfs rbd sheepdog ssh vxhs"
_DEVICE_DRIVERS = "host_cdrom nvme nvme-io_uring virtio-blk-vfio-pci virtio-blk-vhost-user virtio-blk-vhost-vdpa"

LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(_SERVER_DRIVERS.split(), "it needs a server"),
    **dict.fromkeys(_DEVICE_DRIVERS.split(), "it needs a device"),
    **dict.fromkeys(["bochs", "cloop", "dmg"], "QEMU does not make such images"),
    "blkreplay": "it needs a QEMU that records or replays",
    "io_uring": "it needs a QEMU with libblkio",
    "luks": "QEMU times the processor when it makes such an image, and makes none where others use it",
    "replication": "it needs a second QEMU that replicates",
}
"""Why it is not measured what other drivers do."""
