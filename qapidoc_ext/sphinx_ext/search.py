"""The words of the search index."""

from __future__ import annotations

from functools import cache

from sphinx.application import Sphinx
from sphinx.search import languages
from sphinx.search.en import SearchEnglish

_SPHINXES_OWN = "sphinx.search.en.SearchEnglish"


class RememberingEnglish(SearchEnglish):
    """English, each word of which is reduced to its stem once.

    Sphinx does so again for each page: on a thousand pages made of the same words, a third of the time to write them.
    """

    stem = staticmethod(cache(SearchEnglish({}).stem))


def use_remembering_english(app: Sphinx) -> None:
    """Have the project's search use it, unless another extension has changed how English is read."""
    if languages["en"] == _SPHINXES_OWN or languages["en"] is SearchEnglish:
        app.add_search_language(RememberingEnglish)
