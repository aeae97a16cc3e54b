"""What Sphinx writes into its log.

It makes a record of each event that it emits, dozens for a document, and throws them away where nobody asked for them:
one part in thirty of the time that a build takes.
"""

from __future__ import annotations

import logging

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.logging import NAMESPACE, VERBOSITY_MAP


def log_what_is_shown(app: Sphinx, _config: Config) -> None:
    """Let no record be made that is not shown: one for a debugger is, with -vv."""
    logging.getLogger(NAMESPACE).setLevel(VERBOSITY_MAP[app.verbosity])
