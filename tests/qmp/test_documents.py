"""The examples that stand in documents are those that a build finds there, at the same places."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.qmp.documents import examples_in
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import SourceError
from qapidoc_ext.sphinx_ext.domain import qapi_domain

MARKDOWN = """---
orphan: true
---
# Page

```{qmp-example}
:name: first
:title: A title

-> { "execute": "stop" }
```

:::{qmp-example}
-> { "execute": "stop" }

<- { "return": {} }
:::

1. In a list:

   ```{qmp-example}
   -> { "execute": "cont" }
   ```

````{note}
Within a directive:

```{qmp-example}

-> { "execute": "quit" }
```
````

````{code-block} markdown
```{qmp-example}
-> { "execute": "this is shown, and no example" }
```
````

````markdown
```{qmp-example}
-> { "execute": "neither is this" }
```
````

```{qmp-example}
:file: other.qmp
```

```{qmp-example}
-> nonsense
```
"""
RST = """
Page
====

.. qmp-example::
   :name: first
   :title: A title

   -> { "execute": "stop" }

.. note::

    .. qmp-example::

        -> { "execute": "cont" }
        <- { "return": {} }


.. code-block:: rst

   .. qmp-example::

      -> { "execute": "this is shown, and no example" }

Like this::

   .. qmp-example::

      -> { "execute": "neither is this" }

.. Or this:
   .. qmp-example::

      -> { "execute": "nor this" }

- In a list:

  .. qmp-example::

     -> { "execute": "quit" }

.. qmp-example::
   :file: other.qmp

.. qmp-example::

   -> nonsense
"""


@pytest.mark.parametrize(("name", "text", "count"), [("index.md", MARKDOWN, 4), ("index.rst", RST, 3)])
def test_the_examples_of_a_document_are_those_of_a_build(
    name: str, text: str, count: int, tmp_path: Path, make_app: Callable[..., SphinxTestApp]
) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\nhtml_theme = "basic"\n')
    (tmp_path / "other.qmp").write_text(':name: other\n-> { "execute": "stop" }\n')
    page = tmp_path / name
    page.write_text(text)
    settings = {"qapidoc_qemu": str(tmp_path), "myst_enable_extensions": ["colon_fence"]}
    app = make_app("html", srcdir=tmp_path, confoverrides=settings)
    app.build()
    built = qapi_domain(app.env).examples["index"]
    wanted = [example for example in built if isinstance(example, Script) and example.location.path == str(page)]
    found = examples_in(page)
    scripts = [example for example in found if isinstance(example, Script)]
    assert len(scripts) == count
    assert [script.steps for script in scripts] == [script.steps for script in wanted]
    assert [script.header for script in scripts] == [script.header for script in wanted]
    (fault,) = [example for example in found if isinstance(example, SourceError)]
    assert str(fault.findings[0]) in app.warning.getvalue().replace("\x1b[31m", "").replace("ERROR: ", "")


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="its name ends in"):
        examples_in(tmp_path / "page.txt")
