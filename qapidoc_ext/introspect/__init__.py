"""What a client sees of a QEMU's interface.

- :mod:`.reply`: the reply to `query-qmp-schema`, decoded strictly
- :mod:`.probe`: libvirt's query strings, which say whether something is in it
"""
