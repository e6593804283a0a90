"""What a check hands back: two printed things that cannot both be right."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What was held against what."""

    P_AND_T = "p against t and df"
    P_AND_F = "p against F and df"
    P_AND_CHI2 = "p against chi-square"
    T_AND_MEANS = "t against means and SDs"
    TOTAL = "total against groups"
    PERCENTAGE = "percentage against count"
    CHI2_AND_COUNTS = "chi-square against counts"
    SE_OF_ROWS = "SE against rows alike"
    EFFECT_SIZE = "effect size against n and p"
    BETA = "standardised beta against n and p"
    INDIRECT = "p of an indirect effect against its paths"
    DAYS = "means of days against counts"
    STATEMENT_AND_TABLE = "statement against table"
    STATEMENTS = "statement against statement"
    STATEMENT_AND_NUMBERS = "statement against numbers"


@dataclass(frozen=True)
class Finding:
    """`where` is the place on the page, `printed` what stands there.

    `item` says which number it is about, as `Comparison.item` does.
    """

    where: str
    item: str
    rule: Rule
    printed: str
    found: str
