from __future__ import annotations

import pytest

from qapidoc_ext.introspect.span import spans, words

VERSIONS = ("2.5.0", "2.6.0", "2.7.0", "2.8.0", "2.9.0")


@pytest.mark.parametrize(
    ("having", "expected"),
    [
        ("", "in no recording up to 2.9.0"),
        ("2.5.0 2.6.0 2.7.0 2.8.0 2.9.0", "since 2.5.0 or before"),
        ("2.8.0 2.9.0", "since 2.8.0"),
        ("2.9.0", "since 2.9.0"),
        ("2.7.0", "2.7.0 only"),
        ("2.5.0 2.6.0", "2.5.0 to 2.6.0"),
        ("2.5.0 2.7.0 2.9.0", "2.5.0 only and 2.7.0 only and since 2.9.0"),
        ("2.6.0 2.7.0 2.9.0", "2.6.0 to 2.7.0 and since 2.9.0"),
    ],
)
def test_versions_that_follow_each_other_are_one_run(having: str, expected: str) -> None:
    assert words(spans(having.split(), VERSIONS), VERSIONS) == expected


def test_a_run_has_its_ends() -> None:
    assert spans(["2.6.0", "2.7.0", "2.9.0"], VERSIONS) == (("2.6.0", "2.7.0"), ("2.9.0", "2.9.0"))
