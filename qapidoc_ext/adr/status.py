"""What has become of a decision, and which status can follow which."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """What has become of an option."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


NEXT: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.ACCEPTED, Status.REJECTED, Status.DEFERRED, Status.WITHDRAWN}),
    Status.DEFERRED: frozenset({Status.PROPOSED, Status.ACCEPTED, Status.REJECTED}),
    Status.ACCEPTED: frozenset({Status.SUPERSEDED}),
    Status.REJECTED: frozenset(),
    Status.SUPERSEDED: frozenset(),
    Status.WITHDRAWN: frozenset(),
}
"""The statuses that may follow a status. Where none may, the status is final."""
