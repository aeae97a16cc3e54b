"""What is wrong with a schema: the rules of QEMU's `docs/devel/qapi-code-gen`, as its `scripts/qapi` applies them.

`comments` judges documentation comments, `pragmas` and `form` what each object at the top of a file is made of,
`meaning` what definitions say about each other, `documentation` whether comments document what is there.
Each gives its findings in the order in which QEMU, which stops at the first one, would come upon them.
"""
