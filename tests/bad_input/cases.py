"""Inputs that must be refused: what a user can get wrong, and what the message has to say.

``CASES`` is for every test that has to refuse bad input: reading a site, building its numbers, the
command line, a portfolio. Each case writes a site into an empty folder.
"""

from bad_input.equipment import EQUIPMENT
from bad_input.fields import FIELDS
from bad_input.files import FILES
from bad_input.kit import BadInput
from bad_input.reliability import RELIABILITY
from bad_input.tables import TABLES
from bad_input.time_series import TIME_SERIES

__all__ = ["CASES"]

CASES: tuple[BadInput, ...] = (
    *FILES,
    *FIELDS,
    *EQUIPMENT,
    *TABLES,
    *TIME_SERIES,
    *RELIABILITY,
)
