"""The examples that stand in documents are those that a build finds there, at the same places."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from qapidoc_ext.qmp.documents import examples_in
from qapidoc_ext.qmp.script import Script
from qapidoc_ext.source import SourceError
from qapidoc_ext.sphinx_ext.domain import Unreadable, qapi_domain

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
    assert str(fault.findings[0]) in app.warning.getvalue().replace("ERROR: ", "")


STEP = '-> { "execute": "stop" }'
NOTATIONS = {
    "bullet.rst": f"* .. qmp-example::\n\n     {STEP}\n",
    "enumerated.rst": f"#. .. qmp-example::\n\n      {STEP}\n\n(a) .. qmp-example::\n\n       {STEP}\n",
    "list-table.rst": f".. list-table::\n\n   * - .. qmp-example::\n\n          {STEP}\n     - text\n",
    "behind-literal.rst": f"* As it is::\n\n    ..\n\n  .. qmp-example::\n\n     {STEP}\n",
    "footnote.rst": f"[1]_\n\n.. [1] text\n\n   .. qmp-example::\n\n      {STEP}\n",
    "case.rst": f".. QMP-Example::\n\n   {STEP}\n",
    "spaces.rst": f"..  qmp-example ::\n\n   {STEP}\n",
    "argument.rst": f".. qmp-example:: {STEP}\n",
    "text.rst": f".. qmp-example:: text\n\n   {STEP}\n",
    "late-file.rst": f".. qmp-example::\n\n   {STEP}\n   :file: x\n",
    "early-annotated.rst": f".. qmp-example::\n\n   :annotated:\n   {STEP}\n",
    "within-annotated.rst": f".. qmp-example::\n   :annotated:\n\n   .. qmp-example::\n\n      {STEP}\n",
    "white-space.rst": f"- .. qmp-example::\n \n     {STEP}\n",
    "comment.rst": f"..\n   .. qmp-example::\n\n      {STEP}\n",
    "source.rst": f".. sourcecode:: rst\n\n   .. qmp-example::\n\n      {STEP}\n",
    "eval.md": f"```{{eval-rst}}\n.. qmp-example::\n\n   {STEP}\n```\n",
    "eval-in-list.md": f"- ```{{eval-rst}}\n  * .. qmp-example::\n\n       {STEP}\n  ```\n",
    "footnote.md": f"[^1]\n\n[^1]: text\n\n    ```{{qmp-example}}\n    {STEP}\n    ```\n",
    "definition.md": f"Term\n: ```{{qmp-example}}\n  {STEP}\n  ```\n",
    "case.md": f"```{{QMP-Example}}\n{STEP}\n```\n",
    "none.md": f"```{{qmp-example}}text\n{STEP}\n```\n",
    "argument.md": f"```{{qmp-example}} {STEP}\n```\n",
    "text.md": f"```{{qmp-example}} some text\n{STEP}\n```\n",
    "late-file.md": f"```{{qmp-example}}\n{STEP}\n:file: x\n```\n",
    "yaml.md": f"```{{qmp-example}}\n---\nname: a\ntitle: |\n  b\n  c\ntimeout: 5\n---\n\n{STEP}\n```\n",
    "yaml-empty.md": f"```{{qmp-example}}\n---\n---\n{STEP}\n```\n",
    "yaml-fault.md": f"```{{qmp-example}}\n---\ntitle: a\nname: B\n---\n{STEP}\n```\n",
    "yaml-annotated.md": f"```{{qmp-example}}\n---\nannotated:\n---\n{STEP}\n```\n",
}
"""Documents in which an example stands in some other way, or none does."""


def test_examples_are_found_in_every_notation(tmp_path: Path, make_app: Callable[..., SphinxTestApp]) -> None:
    (tmp_path / "conf.py").write_text('extensions = ["myst_parser", "qapidoc_ext"]\n')
    for name, text in NOTATIONS.items():
        title = "# Page\n\n" if name.endswith(".md") else "Page\n====\n\n"
        (tmp_path / name).with_stem(f"{name.replace('.', '-')}").write_text(title + text)
    settings = {"qapidoc_qemu": str(tmp_path), "myst_enable_extensions": ["deflist"], "root_doc": "case-md"}
    app = make_app("dummy", srcdir=tmp_path, confoverrides=settings)
    app.build()
    built = qapi_domain(app.env).examples
    for page in sorted(tmp_path.glob("*-*.*")):
        wanted = [what(example) for example in built[page.stem]] if page.stem in built else []
        assert [what(example) for example in examples_in(page)] == wanted, page.name


def what(example: Script | SourceError | Unreadable) -> object:
    """What is to be the same here and in a build."""
    return (example.location, example.header, example.steps) if isinstance(example, Script) else example.findings


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("page.rst", f"+-------+\n| .. qmp-example:: |\n|  {STEP} |\n", "2:3: only a build finds an example here"),
        ("page.rst", f'.. csv-table::\n\n   ".. qmp-example::\n\n      {STEP}"\n', "3:5: only a build finds"),
        ("page.rst", f".. qmp-example::\n   :name: a\n   {STEP}\n", "3:4: an empty line stands between the options"),
        ("page.md", f"```{{qmp-example}}\n---\n`a`\n---\n{STEP}\n```\n", "2:1: between two lines '---' stand options"),
        ("page.md", f"```{{qmp-example}}\n---\n- a\n---\n{STEP}\n```\n", "2:1: between two lines '---' stand options"),
        (
            "page.md",
            '```{qmp-example}\n---\nname: "\\UFFFFFFFF"\n---\n```\n',
            "2:1: between two lines '---' stand options",
        ),
    ],
)
def test_an_example_that_cannot_be_taken_is_told(name: str, text: str, message: str, tmp_path: Path) -> None:
    page = tmp_path / name
    page.write_text(text)
    (found,) = examples_in(page)
    assert str(found).startswith(f"{page}:{message}")


def test_a_name_is_that_of_one_example_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"```{{qmp-example}}\n:name: a\n{STEP}\n```\n\n" * 2)
    first, second = examples_in(page)
    assert isinstance(first, Script)
    assert str(second) == f"{page}:7:1: this page has an example called 'a' already, at {page}:2:1"


def test_text_about_the_directive_is_no_example(tmp_path: Path) -> None:
    page = tmp_path / "page.rst"
    page.write_text("Write ``.. qmp-example::`` above it.\n\n.. Comment with .. qmp-example:: in it\n")
    assert examples_in(page) == []


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="its name ends in"):
        examples_in(tmp_path / "page.txt")
