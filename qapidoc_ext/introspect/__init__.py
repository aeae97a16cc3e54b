"""What a client sees of a QEMU's interface.

- :mod:`.reply`: the reply to `query-qmp-schema`, decoded strictly; :mod:`.read` takes it from a file
- :mod:`.generate`: the reply of a QEMU that is built from a schema; :mod:`.configuration` tells how one was built
- :mod:`.probe`: libvirt's query strings, which say whether something is in it; :mod:`.explain` says why not
- :mod:`.walk`: two introspections side by side; on it stand :mod:`.compare`, what a client notices of a change,
  and :mod:`.history`, which versions have what
- :mod:`.item`: what versions have, and the places of its own that a part can be in
- :mod:`.since`: what the documentation says of that
- :mod:`.validate`: whether a message is one that can be sent; on :mod:`.values`, whether a value is of a type, also
  where :mod:`.partial` says that it is not all written
"""
