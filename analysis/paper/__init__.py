"""The published paper, held against itself and against what can be recomputed.

Pure: no Django, no database, no file. `table1`, `table2` and `prose` hold what is
printed; `checks` finds what contradicts what; `reproduce()` gives all a verdict.
"""

from analysis.paper.checks import inconsistencies
from analysis.paper.cohort import matched_cohort
from analysis.paper.reproduce import Reproduction, reproduce

__all__ = ["Reproduction", "inconsistencies", "matched_cohort", "reproduce"]
