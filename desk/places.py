"""What a question hangs on: its name in words, and the page where it is."""

from collections.abc import Mapping

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import PersonRequest
from assessments.concealment import shown_forms
from assessments.instruments import INSTRUMENTS
from labs.models import Specimen
from records.models import Form, Query
from trial.models import Baseline, Infusion, Visit
from trial.schedule import visit_label

# What can be asked about beside forms: the word of its address, the model.
OBJECTS: Mapping[str, type[models.Model]] = {
    "visit": Visit,
    "specimen": Specimen,
    "infusion": Infusion,
}


def rows(queries: models.QuerySet[Query]) -> models.QuerySet[Query]:
    """The queries with what their name and page are made of."""
    return queries.select_related(
        "form", "raised_by", "site", "form__completed_by"
    ).prefetch_related("about", "form__about")


def unconcealed(request: PersonRequest) -> Q:
    """Questions whose form tells nothing that is concealed from the person."""
    return Q(form=None) | Q(form__in=Form.objects.filter(shown_forms(request)))


def query_name(query: Query) -> str:
    """The item, form, visit, infusion or specimen in words."""
    if query.form is not None:
        name = place_name(query.form.code, query.field)
        visit = query.form.about
        return f"{name}, {visit_label(visit)}" if isinstance(visit, Visit) else name
    return object_name(query.about)


def object_name(about: object) -> str:
    if isinstance(about, Visit):
        return visit_label(about)
    if isinstance(about, Infusion):
        return _("infusion %(number)s") % {"number": about.number}
    if isinstance(about, Specimen):
        return _("specimen %(code)s") % {"code": about.code}
    return str(about)


def query_url(query: Query) -> str:
    if query.form is not None:
        return form_url(query.form, query.field)
    about = query.about
    if isinstance(about, Infusion):
        return reverse("infusion", args=[about.pk])
    if isinstance(about, Specimen):
        return reverse("specimen", args=[about.visit_id])
    if isinstance(about, Visit):
        return reverse("participant", args=[about.participant.subject_id]) + "#visits"
    return reverse("oversight")


def form_url(form: Form, field: str = "") -> str:
    """Where the form itself is, at the field."""
    if isinstance(form.about, Visit):
        at = f"#item-{field}" if field else ""
        return reverse("rating", args=[form.about_id, form.code]) + at
    at = f"#id_{field}" if field else ""
    return reverse("baseline", args=[str(form.about)]) + at


def item_name(instrument: str, code: str) -> str:
    scale = INSTRUMENTS[instrument]
    item = scale.item(code)
    return _("%(scale)s item %(number)s, %(name)s") % {
        "scale": scale.abbreviation,
        "number": item.number,
        "name": _(item.name),
    }


def place_name(form: str, field: str) -> str:
    """What a question is about: an item in words, else the form and its field."""
    scale = INSTRUMENTS.get(form)
    if scale and field in {item.code for item in scale.items}:
        return item_name(form, field)
    if form == "baseline" and field in {f.name for f in Baseline._meta.fields}:
        label = getattr(Baseline._meta.get_field(field), "verbose_name", field)
        return f"{form_name(form)}, {label}"
    return f"{form_name(form)} {field}".strip()


def form_name(code: str) -> str:
    scale = INSTRUMENTS.get(code)
    if scale:
        return scale.abbreviation
    return _("Baseline characteristics") if code == "baseline" else code
