"""Who treats reads the results of everybody together, and of no group."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Milestone
from analysis.models import AnalysisResult, Run
from tests.analysis.test_views import computed, cut, run, trial
from tests.cast import Cast

__all__ = ["cut", "run", "trial"]
pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def text(client: Client, url: str) -> str:
    """The main part of the page, in which no token stands."""
    return client.get(url).content.decode().split("<main")[1].split("</main")[0]


def swap_groups(run: Run) -> None:
    """Each result with its groups exchanged: together they are the same."""
    other = {"pain": "no-pain", "no-pain": "pain"}
    for row in AnalysisResult.objects.filter(run=run):
        assert row.result is not None
        for part in ("groups", "means", "lines"):
            for line in row.result.get(part, []):
                line["group"] = other[line["group"]]
        row.save()


@pytest.mark.parametrize("person", ["investigator", "principal_investigator"])
def test_results_by_group_are_concealed_until_the_final_cut_is_signed(
    person: str, as_: SignIn, run: Run, cast: Cast
) -> None:
    computed(run)
    client, url = as_(person), f"/analysis/runs/{run.pk}/"
    csv = f"{url}{run.results.first().code}.csv"  # type: ignore[union-attr]
    before = text(client, url)
    assert "2 of 4" in before
    assert client.get(csv).status_code == 403
    swap_groups(run)
    assert text(client, url) == before
    Milestone.objects.create(code="final_cut", signed_by=cast[person])
    assert text(client, url) != before
    assert client.get(csv).status_code == 200


def test_the_statistician_compares_the_groups(as_: SignIn, run: Run) -> None:
    computed(run)
    url = f"/analysis/runs/{run.pk}/"
    before = text(as_("statistician"), url)
    swap_groups(run)
    assert text(as_("statistician"), url) != before
