"""Which verdicts rest on the same evidence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from qapidoc_ext.adr.comparison import Shared, compared, comparison
from qapidoc_ext.adr.ground import grounds
from qapidoc_ext.adr.judgement import judgements
from qapidoc_ext.adr.records import records

ADR = Path(__file__).parents[2] / "adr"


def test_evidence_is_the_same_where_the_facts_that_count_are() -> None:
    found = records(ADR)
    every = {
        place: replace(one, facts=(f"requests of {one.name}: 5", 'vm.access_mode("base.raw"): O_RDONLY'))
        for place, one in grounds(found.pages, {}).items()
    }
    judged = judgements(found.records.values(), every, found.kept)
    decisions = compared("", found.decisions)
    lines = {line.criterion.id: line for line in comparison(decisions, judged, found.criteria, None).lines}
    # C9 is about access modes, with option 6 also about what has its name; C3 is about all facts.
    assert lines["C9"].shared == (Shared(subjects=("back-to-read-only",), numbers=(1, 2, 3, 4, 5)),)
    assert lines["C3"].shared == ()
