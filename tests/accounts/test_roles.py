"""The table of who may do what, held by the sentences it must obey."""

import pytest

from accounts.roles import (
    ALLOWED,
    CONCEALED,
    LABORATORY_ROLES,
    SIGNING_ROLES,
    Milestone,
    Role,
    hidden,
    may,
)

READING = {action for action in ALLOWED if action.endswith(".view")}


def test_an_inspector_and_a_monitor_of_rows_only_read() -> None:
    for action, roles in ALLOWED.items():
        if Role.INSPECTOR in roles:
            assert action in READING


def test_every_role_may_do_something() -> None:
    assert set(Role) == set().union(*ALLOWED.values())


def test_who_signs_forms_needs_a_second_factor() -> None:
    assert ALLOWED["form.sign"] <= SIGNING_ROLES


def test_a_laboratory_sees_no_participant_and_the_clinic_judges_no_plate() -> None:
    for role in LABORATORY_ROLES:
        assert not may([role], "participant.view")
    assert ALLOWED["plate.judge"] == LABORATORY_ROLES


def test_who_gives_the_infusion_does_not_see_or_enter_a_rating() -> None:
    assert not may([Role.INFUSION_NURSE], "assessment.view")
    assert not may([Role.RATER], "infusion.view")


def test_who_answers_a_question_does_not_close_it() -> None:
    assert ALLOWED["query.answer"].isdisjoint(ALLOWED["query.close"])


def test_one_of_several_roles_is_enough() -> None:
    assert may(["monitor", "rater"], "assessment.enter")
    assert not may([], "assessment.enter")


def test_an_action_that_the_table_lacks_is_an_error_not_a_refusal() -> None:
    with pytest.raises(KeyError):
        may(["rater"], "assessment.invent")


@pytest.mark.clause(
    "4.1",
    "one table says what is hidden from which role",
)
def test_the_pain_group_is_hidden_unless_one_role_may_know_it() -> None:
    assert hidden(["rater"], "pain_group")
    assert hidden(["rater", "infusion_nurse"], "pain_group")
    assert not hidden(["rater", "investigator"], "pain_group")
    assert hidden([], "pain_group")


def test_what_is_concealed_is_concealed_from_roles_that_exist() -> None:
    assert all(one.roles <= set(Role) for one in CONCEALED.values())


@pytest.mark.parametrize("what", sorted(CONCEALED))
def test_a_signed_milestone_uncovers_its_own_and_no_other(what: str) -> None:
    concealed = CONCEALED[what]
    (other,) = set(Milestone) - {concealed.until}
    assert hidden(concealed.roles, what, {other})
    assert not hidden(concealed.roles, what, {concealed.until})


def test_who_treats_sees_no_outcome_by_group() -> None:
    assert hidden(["principal_investigator", "investigator"], "results_by_group")
    assert not hidden(["statistician"], "results_by_group")
