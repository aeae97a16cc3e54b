"""The `@names` in translated texts.

Sphinx parses the translation of a text as reStructuredText, which has no `@name`, and warns where it has other
references than the text: while it translates, a name is what its author wrote.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform
from sphinx.transforms.i18n import Locale

from qapidoc_ext.render.build import literal
from qapidoc_ext.render.prose import link_names, names_in

_LINKS = "qapi:links"
"""The attribute with the links of a text's names, by name, while it is translated."""


def translate_names(app: Sphinx, config: Config) -> None:
    """Have both done where there may be translations: in English, what a schema gives is out of Sphinx's way."""
    if config.language != "en":
        app.add_transform(WriteNames)
        app.add_transform(LinkNames)


class WriteNames(SphinxTransform):
    """Before Sphinx translates: the links of names are what their author wrote."""

    default_priority = Locale.default_priority - 1

    def apply(self, **_: Any) -> None:
        """Keep the links with their texts."""
        for text in self.document.findall(nodes.TextElement):
            names = names_in(text.rawsource)
            if links := [link for link in _links(text) if link.astext() in names]:
                text[_LINKS] = {link.astext(): link for link in links}
                for link in links:
                    link.replace_self(nodes.Text(f"@{link.astext()}"))


class LinkNames(SphinxTransform):
    """Behind it: a name in a translation links to what it links to in the text."""

    default_priority = Locale.default_priority + 1

    def apply(self, **_: Any) -> None:
        """Link the names again."""
        for text in [*self.document.findall(nodes.TextElement)]:
            if links := text.attributes.pop(_LINKS, None):
                text[:] = link_names(text.children, partial(_link, links))


def _links(text: nodes.TextElement) -> list[nodes.Element]:
    """What a name has become in a text: a link on the page or elsewhere."""
    on_page = (link for link in text.findall(nodes.reference) if "refid" in link)
    elsewhere = (link for link in text.findall(addnodes.pending_xref) if link.get("refdomain") == "qapi")
    return [*on_page, *(link for link in elsewhere if not link["refwarn"])]


def _link(links: dict[str, nodes.Element], name: str) -> nodes.Node:
    return links[name].deepcopy() if name in links else literal(name)
