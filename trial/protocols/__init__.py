"""The released versions of the protocol, by version, from the oldest to the newest."""

from collections.abc import Mapping
from types import MappingProxyType

from trial.protocol import Protocol
from trial.protocols.ketamine_v1 import KETAMINE_V1
from trial.protocols.ketamine_v1_1 import KETAMINE_V1_1

PROTOCOLS: Mapping[str, Protocol] = MappingProxyType(
    {protocol.version: protocol for protocol in (KETAMINE_V1, KETAMINE_V1_1)}
)
# In force at a site until another version is put in force there.
CURRENT = KETAMINE_V1


def newer(version: str, than: str) -> bool:
    """Whether one version was released after the other."""
    order = list(PROTOCOLS)
    return order.index(version) > order.index(than)


__all__ = ["CURRENT", "PROTOCOLS", "newer"]
