"""Inviting a person by mail with a first role, and letting a person leave."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import PersonRequest, require
from accounts.invitations import tokens
from accounts.models import Membership, User
from records.attempt import attempt
from records.mail import post


class PersonForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("username", "full_name", "email", "language")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["email"].required = True


class MembershipForm(forms.ModelForm[Membership]):
    class Meta:
        model = Membership
        fields = ("role", "site", "laboratory", "ends_on", "training")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["training"].required = True


class LeaveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why the person leaves"), max_length=300
    )


@require_http_methods(["GET", "POST"])
def invite(request: PersonRequest) -> HttpResponse:
    require(request, "person.manage")
    person_form = PersonForm(request.POST or None)
    role_form = role_form_of(request)
    if request.method == "POST" and all([person_form.is_valid(), role_form.is_valid()]):
        person = attempt(role_form, lambda: settle(request, person_form, role_form))
        if person is not None:
            return redirect("person", person.pk)
    context = {"person_form": person_form, "role_form": role_form}
    failed = person_form.errors or role_form.errors
    return render(request, "desk/invite.html", context, status=422 if failed else 200)


def role_form_of(request: PersonRequest) -> MembershipForm:
    """A new role from today, by whoever asks."""
    role = Membership(starts_on=timezone.localdate(), granted_by=request.user)
    return MembershipForm(request.POST or None, instance=role)


def settle(
    request: PersonRequest, person_form: PersonForm, role_form: MembershipForm
) -> User:
    """The person, their role and the mail that lets them in, all or nothing."""
    person = person_form.save(commit=False)
    person.set_unusable_password()
    person.save()
    role_form.instance.person = person
    role_form.instance.give()
    send_invitation(request, person)
    return person


def send_invitation(request: PersonRequest, person: User) -> None:
    path = reverse("welcome", args=[person.pk, tokens.make_token(person)])
    with translation.override(person.language):
        post(
            to=person,
            subject=_("You are invited to Sixfold"),
            text=_(
                "%(by)s invites you. Your user name is %(name)s. Set your password "
                "within three days; this link works once:\n\n%(link)s"
            )
            % {
                "by": request.user.full_name,
                "name": person.username,
                "link": request.build_absolute_uri(path),
            },
        )


@require_GET
def person(request: PersonRequest, pk: int) -> HttpResponse:
    require(request, "person.manage")
    return show(request, get_object_or_404(User, pk=pk), LeaveForm())


@require_POST
def give_role(request: PersonRequest, pk: int) -> HttpResponse:
    """Another role for a person, in force once the delegation log is signed."""
    require(request, "person.manage")
    form, row = role_form_of(request), get_object_or_404(User, pk=pk, is_active=True)
    form.instance.person = row
    if form.is_valid():
        attempt(form, form.instance.give)
    if form.errors:
        return show(request, row, form=form, role_form=form)
    return redirect("person", pk)


def show(
    request: PersonRequest,
    row: User,
    form: forms.BaseForm,
    role_form: MembershipForm | None = None,
) -> HttpResponse:
    """The page; `form` is the one whose errors stand at its top."""
    context = {
        "leave_form": form if isinstance(form, LeaveForm) else LeaveForm(),
        "role_form": role_form or MembershipForm(),
        "person": row,
        "form": form,
        "memberships": row.memberships.select_related("site", "laboratory"),
        "waits": row.is_active and not row.has_usable_password(),
    }
    status = 422 if form.errors else 200
    return render(request, "desk/person.html", context, status=status)


@require_POST
def deactivate(request: PersonRequest, pk: int) -> HttpResponse:
    """The person leaves: their sessions end with their next request."""
    require(request, "person.manage")
    row = get_object_or_404(User, pk=pk)
    form = LeaveForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        attempt(form, lambda: leave(row, reason=reason, by=request.user))
    if form.errors:
        return show(request, row, form)
    return redirect("person", pk)


def leave(person: User, *, reason: str, by: User) -> None:
    """Deactivate; a second time changes nothing. Names stay on the records."""
    if person == by:
        raise ValidationError(_("Another administrator must let you leave."))
    if person.is_active:
        person.is_active, person.left_at = False, timezone.now()
        person.left_reason = reason
        person.save(update_fields=["is_active", "left_at", "left_reason"])


@require_POST
def invite_again(request: PersonRequest, pk: int) -> HttpResponse:
    """Another mail to who has not come in yet; the link before it stays good."""
    require(request, "person.manage")
    row = get_object_or_404(User, pk=pk)
    if row.is_active and not row.has_usable_password():
        send_invitation(request, row)
    return redirect("person", pk)
