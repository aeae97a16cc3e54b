"""Build conditions in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol

_HOSTS: Mapping[str, str] = {
    "CONFIG_DARWIN": "macOS hosts",
    "CONFIG_FREEBSD": "FreeBSD hosts",
    "CONFIG_LINUX": "Linux hosts",
    "CONFIG_POSIX": "POSIX hosts",
    "CONFIG_WIN32": "Windows hosts",
}
_PARTS: Mapping[str, str] = {
    "CONFIG_AF_XDP": "AF_XDP",
    "CONFIG_AUDIO_ALSA": "ALSA audio",
    "CONFIG_AUDIO_COREAUDIO": "Core Audio",
    "CONFIG_AUDIO_DSOUND": "DirectSound audio",
    "CONFIG_AUDIO_JACK": "JACK audio",
    "CONFIG_AUDIO_OSS": "OSS audio",
    "CONFIG_AUDIO_PA": "PulseAudio",
    "CONFIG_AUDIO_PIPEWIRE": "PipeWire audio",
    "CONFIG_AUDIO_SDL": "SDL audio",
    "CONFIG_AUDIO_SNDIO": "sndio audio",
    "CONFIG_BLKIO": "libblkio",
    "CONFIG_BLKIO_VHOST_VDPA_FD": "a libblkio that takes file descriptors for vhost-vdpa",
    "CONFIG_BRLAPI": "BrlAPI",
    "CONFIG_COCOA": "Cocoa",
    "CONFIG_CURSES": "curses",
    "CONFIG_DBUS_DISPLAY": "the D-Bus display",
    "CONFIG_EBPF": "eBPF",
    "CONFIG_FDT": "libfdt",
    "CONFIG_FSFREEZE": "freezing of file systems",
    "CONFIG_FSTRIM": "trimming of file systems",
    "CONFIG_FUSE": "FUSE exports",
    "CONFIG_GBM": "GBM",
    "CONFIG_GETLOADAVG": "getloadavg()",
    "CONFIG_GLUSTERFS_FALLOCATE": "a GlusterFS that has fallocate",
    "CONFIG_GLUSTERFS_ZEROFILL": "a GlusterFS that has zerofill",
    "CONFIG_GTK": "GTK",
    "CONFIG_IGVM": "IGVM",
    "CONFIG_INOTIFY1": "inotify_init1()",
    "CONFIG_KVM": "KVM",
    "CONFIG_LIBPMEM": "libpmem",
    "CONFIG_LIBUDEV": "libudev",
    "CONFIG_LINUX_IO_URING": "io_uring on Linux",
    "CONFIG_MEM_DEVICE": "memory devices",
    "CONFIG_OPENGL": "OpenGL",
    "CONFIG_PASST": "passt",
    "CONFIG_PIXMAN": "pixman",
    "CONFIG_POSIX_FALLOCATE": "posix_fallocate()",
    "CONFIG_QATZIP": "QATzip",
    "CONFIG_QPL": "Intel's Query Processing Library",
    "CONFIG_REPLICATION": "replication",
    "CONFIG_SDL": "SDL",
    "CONFIG_SECRET_KEYRING": "secrets from the Linux keyring",
    "CONFIG_SPICE": "SPICE",
    "CONFIG_SPICE_PROTOCOL": "the SPICE protocol",
    "CONFIG_TCG": "TCG",
    "CONFIG_TPM": "TPM support",
    "CONFIG_UADK": "UADK",
    "CONFIG_VDUSE_BLK_EXPORT": "VDUSE block exports",
    "CONFIG_VHOST_CRYPTO": "vhost crypto",
    "CONFIG_VHOST_USER_BLK_SERVER": "vhost-user block exports",
    "CONFIG_VMNET": "vmnet",
    "CONFIG_VNC": "VNC",
    "CONFIG_ZSTD": "zstd",
    "HAVE_CHARDEV_PARALLEL": "parallel port character devices",
    "HAVE_CHARDEV_SERIAL": "serial port character devices",
    "HAVE_GETIFADDRS": "getifaddrs()",
    "HAVE_HOST_BLOCK_DEVICE": "support for the host's block devices",
    "HAVE_IPPROTO_MPTCP": "Multipath TCP",
    "HAVE_TCP_KEEPCNT": "the socket option TCP_KEEPCNT",
    "HAVE_TCP_KEEPIDLE": "the socket option TCP_KEEPIDLE",
    "HAVE_TCP_KEEPINTVL": "the socket option TCP_KEEPINTVL",
    "HAVE_UTMPX": "utmpx",
}
_GUESTS: Mapping[str, str] = {
    "TARGET_ARM": "Arm",
    "TARGET_I386": "x86",
    "TARGET_MIPS": "MIPS",
    "TARGET_PPC": "PowerPC",
    "TARGET_RISCV": "RISC-V",
    "TARGET_SPARC": "SPARC",
}
"""Of the symbols that stand for several targets: `TARGET_I386` is defined for x86_64 too."""
_TARGET = "TARGET_"


def only_where(condition: Condition) -> str:
    """The same as part of a sentence: `only where QEMU was built for POSIX hosts`."""
    return f"only where QEMU was built {words(condition)}"


def words(condition: Condition) -> str:
    """What QEMU must have been built for and with: `with io_uring on Linux`, `for Linux hosts and without VNC`.

    A symbol that this module does not know stands for itself: `with CONFIG_NEW`.
    """
    return _words(condition, holds=True, nested=False)


def _words(condition: Condition, *, holds: bool, nested: bool) -> str:
    match condition:
        case Symbol(name):
            return _symbol(name, holds=holds)
        case Not(inner):
            return _words(inner, holds=not holds, nested=nested)
        case All(conditions) | Any(conditions) if len(conditions) == 1:
            return _words(conditions[0], holds=holds, nested=nested)
        case All(conditions) | Any(conditions):
            needs_all = isinstance(condition, All) is holds  # not (A and B) is: not A or not B
            parts = [_words(inner, holds=holds, nested=True) for inner in conditions]
            joined = (" and " if needs_all else " or ").join(parts)
            return f"({joined})" if nested else joined
        case _:
            assert_never(condition)


def _symbol(name: str, *, holds: bool) -> str:
    if name in _HOSTS:
        return f"{'' if holds else 'not '}for {_HOSTS[name]}"
    if name.startswith(_TARGET):
        guests = _GUESTS.get(name, name.removeprefix(_TARGET).lower())
        return f"{'' if holds else 'not '}for {guests} guests"
    return f"{'with' if holds else 'without'} {_PARTS.get(name, name)}"
