"""The closed language of formulas, checked before patsy sees one.

Accepted are names of columns, numbers, `+ - * : ( ) ~`, `log( )`, `log10( )` and
`C( )`, and nothing else: patsy evaluates Python, and formulas come from people's plans.
"""

import keyword
import re
from dataclasses import dataclass

FUNCTIONS = ("log", "log10", "C")
TOKEN = re.compile(
    r"\s*(?:(?P<name>[^\W\d]\w*)|(?P<number>\d+\.?\d*)|(?P<sign>[-+*:()~]))"
)
Token = tuple[str, str]


@dataclass(frozen=True)
class Formula:
    """A formula that has passed the check.

    `left` and `right` are its sides as text (`left` is None in `~ group`), `outcome`
    has the one column of the left side, `predictors` are those of the right side,
    `bare` those of them that stand outside C( ) and `grouped` those inside.
    """

    text: str
    left: str | None
    right: str
    outcome: tuple[str, ...]
    predictors: tuple[str, ...]
    bare: tuple[str, ...]
    grouped: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column named, the outcome first."""
        return tuple(dict.fromkeys((*self.outcome, *self.predictors)))


def parse_formula(text: str, *, outcome: bool = True) -> Formula:
    """Check a formula against the closed language.

    With `outcome` it must have a left side (`madrs ~ group`), without it must have none
    (`~ group`). Raises ValueError with the piece that is not accepted.
    """
    if not isinstance(text, str):
        raise ValueError(f"The formula is {text!r}; give it as text: 'madrs ~ group'.")
    _refuse_pieces(text, _tokens(text))
    left, right = _sides(text, outcome)
    outcomes = names_in(left)
    if outcome and len(outcomes) != 1:
        raise ValueError(
            f"The left side of the formula '{text}' must be one outcome, a column or "
            f"the log of one; it is '{left}'."
        )
    if outcome and outcomes[0] in names_in(right):
        raise ValueError(
            f"In the formula '{text}' the outcome '{outcomes[0]}' also stands on the "
            "right side, where it would explain itself; leave it out there."
        )
    return Formula(
        text=text,
        left=left or None,
        right=right,
        outcome=outcomes,
        predictors=names_in(right),
        bare=names_in(re.sub(r"\bC\s*\(\s*\w+\s*\)", "1", right)),
        grouped=_grouped(text, _tokens(right)),
    )


def names_in(side: str) -> tuple[str, ...]:
    """The columns named in one side or term, in the order of their first place."""
    tokens = _tokens(side)
    return tuple(
        dict.fromkeys(
            piece
            for (kind, piece), after in zip(tokens, _following(tokens), strict=True)
            if kind == "name" and after != "("
        )
    )


def _tokens(text: str) -> list[Token]:
    """(kind, text) of each piece, where kind is name, number or sign."""
    pieces: list[Token] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        found = TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise ValueError(_not_accepted(text, text[at:].strip()[0]))
        pieces.append((found.lastgroup, found.group(found.lastgroup)))
        at = found.end()
    return pieces


def _following(tokens: list[Token]) -> list[str]:
    return [*(piece for _, piece in tokens), ""][1:]


def _refuse_pieces(text: str, tokens: list[Token]) -> None:
    """Only log, log10 and C may be called, and no name may mean something to Python."""
    for (kind, piece), after in zip(tokens, _following(tokens), strict=True):
        if kind == "name" and keyword.iskeyword(piece):
            raise ValueError(
                f"The formula '{text}' has the word '{piece}', which cannot name a "
                "column in a formula; rename the column."
            )
        callable_sign = kind == "sign" and piece != ")"
        if after == "(" and not (callable_sign or piece in FUNCTIONS):
            raise ValueError(_not_accepted(text, f"{piece}("))
        if piece == after == "*":
            raise ValueError(_not_accepted(text, "**"))


def _not_accepted(text: str, piece: str) -> str:
    return (
        f"The formula '{text}' has '{piece}', which is not accepted; use names of "
        "columns, numbers, + - * : ( ) ~, log( ), log10( ) and C( )."
    )


def _sides(text: str, outcome: bool) -> tuple[str, str]:
    if text.count("~") != 1:
        example = "madrs ~ group" if outcome else "~ group"
        raise ValueError(
            f"The formula '{text}' must have exactly one ~, as in '{example}'."
        )
    left, right = (" ".join(side.split()) for side in text.split("~"))
    if outcome and not left:
        raise ValueError(f"The formula '{text}' has no outcome left of the ~.")
    if not outcome and left:
        raise ValueError(
            f"The formula '{text}' has '{left}' left of the ~; here it begins with ~, "
            "as in '~ group + age'."
        )
    if not right:
        raise ValueError(f"The formula '{text}' has no terms right of the ~.")
    return left, right


def _grouped(text: str, tokens: list[Token]) -> tuple[str, ...]:
    """The columns inside C( ), which takes the name of one column."""
    pieces = [piece for _, piece in tokens] + [""] * 3
    grouped: list[str] = []
    for i, piece in enumerate(pieces):
        if piece != "C" or pieces[i + 1] != "(":
            continue
        if tokens[i + 2][0] != "name" or pieces[i + 3] != ")":
            raise ValueError(
                f"In the formula '{text}', C( ) takes the name of one column."
            )
        grouped.append(pieces[i + 2])
    return tuple(dict.fromkeys(grouped))
