"""Bytes to messages, as QEMU divides them."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qapidoc_ext.qmp.shim import framing
from qapidoc_ext.qmp.shim.framing import Framing

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(['"', "'", "\\", "{", "]}", "\n"]),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=3), children, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(max_size=3), JSON, max_size=3)


def whole(content: bytes, cuts: list[int]) -> list[bytes]:
    """What comes out when the bytes come in parts."""
    places = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    framing = Framing()
    return [part for start, end in pairwise(places) for part in framing.take(content[start:end])]


@given(
    messages=st.lists(OBJECTS, max_size=4),
    cuts=st.lists(st.integers(0), max_size=6),
    between=st.sampled_from(["", "\n", " \r\n "]),
)
def test_each_message_comes_out_whole_however_the_bytes_come(
    messages: list[object], cuts: list[int], between: str
) -> None:
    texts = [json.dumps(message, ensure_ascii=False, indent=len(cuts) % 2 or None) for message in messages]
    parts = whole(between.join(texts).encode(errors="surrogatepass"), cuts)
    found = [json.loads(part.decode(errors="surrogatepass")) for part in parts if part.strip()]
    assert found == messages


@given(content=st.binary(), cuts=st.lists(st.integers(0), max_size=6))
def test_nothing_is_lost_and_nothing_added(content: bytes, cuts: list[int]) -> None:
    rest = b"\x01\x01"  # ends a string and a message, wherever it stands
    assert b"".join(whole(content + rest, cuts)) == content + rest


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (b"foo", [b"foo"]),
        (b'{"a": }', [b'{"a": }']),
        (b"}}{}", [b"}", b"}", b"{}"]),
        (b'{"a": "\x01', [b'{"a": "\x01']),
        (b'{"a": \xff', [b'{"a": \xff']),
        (b'{"a": "b', []),
        (b"{'a': '\"'} {'it''s': 1}", [b"{'a': '\"'}", b" ", b"{'it''s': 1}"]),
        (b'{"a": "\\', []),
        (b"[1, {}]5", [b"[1, {}]", b"5"]),
    ],
)
def test_what_is_no_message_is_given_back_at_once(content: bytes, parts: list[bytes]) -> None:
    assert list(Framing().take(content)) == parts


def test_a_message_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(framing, "MAXIMUM_SIZE", 100)
    with pytest.raises(ValueError, match="more than 100 bytes"):
        list(Framing().take(b'{"a": "' + b"b" * 100))
