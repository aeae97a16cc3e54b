"""Tables in manual pages, where no cell can span columns."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform


class SplitSpans(SphinxPostTransform):
    """Puts empty cells beside a cell that spans columns."""

    default_priority = 900
    formats = ("man",)

    def run(self, **_arguments: Any) -> None:
        """Every cell takes one column."""
        for entry in list(self.document.findall(nodes.entry)):
            width = entry.attributes.pop("morecols", 0)
            entry.replace_self([entry, *(nodes.entry() for _ in range(width))])
