"""What happened to a data cut: who asked for it, when it froze, which runs followed."""

from django.db.models import Q
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import PersonRequest, require
from analysis.models import DataCut
from desk.history import page_of
from records.models import Event


@require_GET
def cut_history(request: PersonRequest, pk: int) -> HttpResponseBase:
    require(request, "cut.view")
    cut = get_object_or_404(DataCut, pk=pk)
    events = Event.objects.filter(
        Q(table_name="analysis_datacut", row_id=cut.pk)
        | Q(table_name="analysis_run", row_id__in=cut.runs.values("pk"))
    )
    return page_of(request, events, None, _("History of %(form)s") % {"form": cut})
