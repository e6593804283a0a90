"""Table 1 as printed: characteristics of 33 patients without pain and 33 with.

The paper of trial ChiCTR-OOC-17012239. Numbers stand as text, since their
digits say how they were rounded. What was not printed (a test of scales that are 0 in
one group by definition) is absent.
"""

from dataclasses import dataclass

from analysis.paper.printed import Printed

TABLE = "table 1"
N_GROUP = 33
N_TOTAL = 2 * N_GROUP
DF = N_TOTAL - 2


@dataclass(frozen=True)
class Mean:
    mean: Printed
    sd: Printed


@dataclass(frozen=True)
class Statistic:
    """The two last columns: t, or chi-square, and its p."""

    statistic: Printed
    p: Printed


@dataclass(frozen=True)
class MeanRow:
    """`lowest` and `highest`: what the quantity can be at all, in its own unit."""

    code: str
    name: str
    total: Mean
    no_pain: Mean
    pain: Mean
    test: Statistic
    lowest: float
    highest: float


@dataclass(frozen=True)
class ScaleRow:
    """A pain scale at baseline: 0 for everybody without pain, by definition."""

    code: str
    name: str
    total: Mean
    pain: Mean
    highest: float


@dataclass(frozen=True)
class Share:
    count: int
    percent: Printed

    @property
    def printed(self) -> Printed:
        """The count as a number on the page."""
        return Printed(str(self.count))


@dataclass(frozen=True)
class CountRow:
    code: str
    name: str
    total: Share
    no_pain: Share
    pain: Share
    test: Statistic


def _mean(text: str) -> Mean:
    mean, sd = text.split("±")
    return Mean(Printed(mean), Printed(sd))


def _share(text: str) -> Share:
    count, percent = text.split("/")
    return Share(int(count), Printed(percent))


def _test(text: str) -> Statistic:
    statistic, p = text.split(" p ")
    return Statistic(Printed(statistic), Printed(p))


def _means(
    code: str,
    name: str,
    columns: tuple[str, str, str],
    test: str,
    reach: tuple[float, float],
) -> MeanRow:
    total, no_pain, pain = (_mean(column) for column in columns)
    return MeanRow(code, name, total, no_pain, pain, _test(test), *reach)


def _counts(code: str, name: str, columns: tuple[str, str, str], test: str) -> CountRow:
    total, no_pain, pain = (_share(column) for column in columns)
    return CountRow(code, name, total, no_pain, pain, _test(test))


# The columns: total, no pain, pain.
MEANS = (
    _means(
        "age_years",
        "age",
        ("35.8±11.6", "34.8±11.5", "36.8±11.8"),
        "-0.699 p 0.487",
        (18, 65),
    ),
    _means(
        "education_years",
        "education",
        ("12.2±3.3", "13.2±2.9", "11.1±3.4"),
        "2.692 p 0.009",
        (0, 30),
    ),
    _means(
        "bmi_kg_m2",
        "body mass index",
        ("22.7±3.5", "22.0±3.6", "23.4±3.4"),
        "-1.578 p 0.020",
        (10, 60),
    ),
    _means(
        "illness_months",
        "duration of illness",
        ("86.8±76.6", "77.9±67.9", "95.6±84.5"),
        "-0.989 p 0.326",
        (0, 780),
    ),
    _means(
        "antidepressant_mg_day",
        "dose of antidepressant",
        ("40.0±21.4", "36.8±21.4", "43.4±21.2"),
        "-1.243 p 0.218",
        (0, 300),
    ),
    _means(
        "madrs_baseline",
        "MADRS at baseline",
        ("31.6±7.6", "31.2±8.8", "32.1±6.4"),
        "-0.449 p 0.655",
        (0, 60),
    ),
    _means(
        "days_to_response",
        "days to response",
        ("10.3±8.1", "12.4±8.6", "8.2±7.2"),
        "2.130 p 0.037",
        (0, 60),
    ),
    _means(
        "days_to_remission",
        "days to remission",
        ("13.9±7.7", "15.8±7.5", "12.0±7.6"),
        "2.025 p 0.047",
        (0, 60),
    ),
)

SCALES = (
    ScaleRow("vas_baseline", "VAS at baseline", _mean("2.4±2.8"), _mean("4.8±2.2"), 10),
    ScaleRow(
        "sensory_baseline",
        "sensory index at baseline",
        _mean("2.2±3.5"),
        _mean("4.5±3.8"),
        33,
    ),
    ScaleRow(
        "affective_baseline",
        "affective index at baseline",
        _mean("2.2±3.1"),
        _mean("4.3±3.1"),
        12,
    ),
    ScaleRow("ppi_baseline", "PPI at baseline", _mean("1.1±1.4"), _mean("2.3±1.1"), 5),
)

COUNTS = (
    _counts("male", "male", ("29/43.9", "13/39.4", "16/48.5"), "0.554 p 0.457"),
    _counts("employed", "employed", ("31/47.0", "18/54.5", "13/39.4"), "1.521 p 0.218"),
    _counts(
        "psychiatric_comorbidity",
        "psychiatric comorbidity",
        ("11/16.7", "8/24.2", "3/9.1"),
        "2.686 p 0.185",
    ),
    _counts(
        "family_history",
        "family history",
        ("20/30.3", "10/30.3", "10/30.3"),
        "0.000 p 1.000",
    ),
    _counts(
        "antipsychotic",
        "on antipsychotic",
        ("39/59.1", "21/63.6", "18/54.5"),
        "0.564 p 0.453",
    ),
    _counts(
        "mood_stabiliser",
        "on mood stabiliser",
        ("14/21.2", "8/24.2", "6/18.2"),
        "0.363 p 0.547",
    ),
    _counts(
        "benzodiazepine",
        "on benzodiazepine",
        ("27/40.9", "12/46.4", "15/45.5"),
        "0.564 p 0.453",
    ),
    _counts(
        "response",
        "response at day 13",
        ("40/60.6", "16/48.5", "24/72.7"),
        "4.062 p 0.044",
    ),
    _counts(
        "remission",
        "remission at day 13",
        ("26/39.4", "9/27.3", "17/51.5"),
        "4.062 p 0.044",
    ),
)


def mean_row(code: str) -> MeanRow:
    return next(row for row in MEANS if row.code == code)


def count_row(code: str) -> CountRow:
    return next(row for row in COUNTS if row.code == code)
