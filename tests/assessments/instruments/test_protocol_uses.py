"""The protocol names instruments by code, from the floor below them."""

from assessments.instruments import INSTRUMENTS
from trial.protocols import PROTOCOLS


def test_every_instrument_that_a_protocol_asks_for_exists() -> None:
    for protocol in PROTOCOLS.values():
        for visit in protocol.visit_types:
            assert set(visit.instruments) <= set(INSTRUMENTS)
