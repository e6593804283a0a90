"""The released versions of the protocol, by version."""

from collections.abc import Mapping
from types import MappingProxyType

from trial.protocol import Protocol
from trial.protocols.ketamine_v1 import KETAMINE_V1

PROTOCOLS: Mapping[str, Protocol] = MappingProxyType({KETAMINE_V1.version: KETAMINE_V1})
CURRENT = KETAMINE_V1

__all__ = ["CURRENT", "PROTOCOLS"]
