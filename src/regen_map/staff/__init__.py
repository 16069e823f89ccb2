"""The one door to writing: who may do what, looked at whenever it is done."""

from regen_map.staff.permissions import NEEDED, Act, NotAllowedError, Reason
from regen_map.staff.writing import Staff

__all__ = ["NEEDED", "Act", "NotAllowedError", "Reason", "Staff"]
