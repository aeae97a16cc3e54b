"""A QMP server in front of a live QEMU, which gives it the interface of a design option.

- :mod:`.framing`: a stream of bytes, divided into messages
- :mod:`.message`: a message of a client, and what it asks for
- :mod:`.schema`: an introspection with something more, or less
- :mod:`.typed`: the parts of a value that have a given type
- :mod:`.baseline`: QEMU 4.0 as it was released, which every option changes
- :mod:`.options`: the options
- :mod:`.reopen`: option 6, by which a client says when a node is opened again
- :mod:`.ends`: the two that a shim speaks with
- :mod:`.relay`: the server
"""
