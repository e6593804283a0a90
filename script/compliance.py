"""Writes docs/compliance.md from the marks on the tests: `python -m script.compliance`.

`@pytest.mark.clause("11.10(e)", "how it is met")` stands on the test that shows it, so
that the table cannot claim what no test holds.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from script.clauses import EVERY, PARTS, Clause
from script.embedded import ROOT

TABLE = ROOT / "docs" / "compliance.md"
HEAD = """# What the law asks, how it is met, and the test that shows it

Made by `python -m script.compliance` from the marks on the tests; a test fails where
this page and the marks disagree. A test that a row names fails when what the row says
is no longer so. What only an organisation can do is said, and is not counted as met.
"""


class Claim(NamedTuple):
    """How a clause is met, and the test that shows it."""

    clause: str
    how: str
    test: str


def claims() -> list[Claim]:
    """The marks on every test, in the order of files and lines."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef):
                where = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                found += [Claim(*mark, where) for mark in marks(node)]
    return found


def marks(test: ast.FunctionDef) -> Iterator[tuple[str, str]]:
    for decorator in test.decorator_list:
        if (
            isinstance(decorator, ast.Call)
            and ast.unparse(decorator.func) == "pytest.mark.clause"
        ):
            code, how = map(ast.literal_eval, decorator.args)
            yield code, how


def table(found: list[Claim]) -> str:
    """The page. KeyError for a mark that names no clause."""
    shown: dict[str, list[Claim]] = defaultdict(list)
    for claim in found:
        shown[EVERY[claim.clause].code].append(claim)
    parts = [HEAD]
    for name, clauses in PARTS:
        met = sum(clause.code in shown for clause in clauses)
        parts.append(f"\n## {name}: {met} of {len(clauses)} clauses met\n")
        parts += [
            "| clause | asks | how it is met | shown by |",
            "| --- | --- | --- | --- |",
        ]
        for clause in clauses:
            parts += rows(clause, shown[clause.code])
    return "\n".join(parts) + "\n"


def rows(clause: Clause, shown: list[Claim]) -> list[str]:
    """A line a claim, then what the organisation does, or that nothing shows it."""
    said = [f"{claim.how} | `{claim.test}`" for claim in shown]
    if clause.organisation:
        said.append(f"By the organisation: {clause.organisation}. | –")
    named = f"| {clause.code} | {clause.asks} |"
    unnamed = "| | |"
    return [
        f"{unnamed if number else named} {text} |"
        for number, text in enumerate(said or ["Not met: no test shows it. | –"])
    ]


if __name__ == "__main__":
    TABLE.write_text(table(claims()), "utf-8")
