"""Build conditions in plain words."""

import pytest

from qapidoc_ext.schema.condition import All, Any, Condition, Not, Symbol
from qapidoc_ext.schema.words import words

LINUX, VNC, NEW = Symbol("CONFIG_LINUX"), Symbol("CONFIG_VNC"), Symbol("CONFIG_NEW")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Symbol("CONFIG_LINUX_IO_URING"), "with io_uring on Linux"),
        (Not(LINUX), "not for Linux hosts"),
        (NEW, "with CONFIG_NEW"),
        (Not(NEW), "without CONFIG_NEW"),
        (Symbol("TARGET_S390X"), "for s390x guests"),
        (Symbol("TARGET_I386"), "for x86 guests"),
        (All((LINUX, Not(VNC))), "for Linux hosts and without VNC"),
        (All((LINUX, Any((VNC, NEW)))), "for Linux hosts and (with VNC or with CONFIG_NEW)"),
        (Not(All((LINUX, VNC))), "not for Linux hosts or without VNC"),
        (Not(Any((LINUX, Not(VNC)))), "not for Linux hosts and with VNC"),
        (All((Any((LINUX,)),)), "for Linux hosts"),
    ],
)
def test_words(condition: Condition, expected: str) -> None:
    assert words(condition) == expected
