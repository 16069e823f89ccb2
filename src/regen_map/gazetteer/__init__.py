"""Where an Italian street address lies, found without any network."""

from regen_map.gazetteer.address import Address, parse_address
from regen_map.gazetteer.gazetteer import Gazetteer, Located, Precision, gazetteer_of
from regen_map.gazetteer.register import (
    RegisterError,
    RegisterFault,
    RegisterReading,
    read_register,
    write_addresses,
)

__all__ = [
    "Address",
    "Gazetteer",
    "Located",
    "Precision",
    "RegisterError",
    "RegisterFault",
    "RegisterReading",
    "gazetteer_of",
    "parse_address",
    "read_register",
    "write_addresses",
]
