"""What the pages show, for programs: the same rights, the same concealment.

Reading only, by the session of a signed-in person. Each list holds the rows that the
person may see; a row of another place does not exist (404), one that the role may not
see is refused (403).
"""

from typing import ClassVar, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet, Subquery
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from accounts.access import (
    PersonRequest,
    get_allowed,
    record_access,
    visible,
)
from accounts.models import AccessEvent
from assessments.concealment import shown_assessments
from assessments.models import Assessment
from desk.api import serializers
from desk.places import unconcealed
from labs.models import Plate, Result
from records.models import Query
from trial.models import Participant, Visit

M = TypeVar("M", bound=Model)


class Rows(ReadOnlyModelViewSet[M]):
    """Rows of one kind, seen by who may do `action` at the place on `path`."""

    action_asked: ClassVar[str]
    path: ClassVar[str] = "site"

    @property
    def person_request(self) -> PersonRequest:
        """The request as the middleware completed it, which the framework's wraps."""
        return cast(PersonRequest, self.request)

    def get_queryset(self) -> QuerySet[M]:
        return visible(self.person_request, self.action_asked, self.rows(), self.path)

    def get_object(self) -> M:
        value = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        return get_allowed(
            self.person_request,
            self.action_asked,
            self.rows(),
            self.path,
            **{self.lookup_field: value},
        )

    def rows(self) -> QuerySet[M]:
        """Those that concealment leaves, with what is said beside them."""
        return super().get_queryset()

    def handle_exception(self, exc: Exception) -> Response:
        if not isinstance(exc, PermissionDenied):
            return super().handle_exception(exc)
        request = self.person_request
        what = f"{request.method} {request.path}"
        kind = AccessEvent.Kind.REFUSED
        record_access(request, kind, person=request.user, what=what)
        # Answered here: the framework would roll the access event back.
        return Response({"detail": str(exc)}, status=403, exception=True)


class Participants(Rows[Participant]):
    action_asked = "participant.view"
    serializer_class = serializers.ParticipantSerializer
    queryset = Participant.objects.select_related("site")
    lookup_field = "subject_id"
    filterset_fields = ("site__code", "arm", "state")


class Visits(Rows[Visit]):
    action_asked = "participant.view"
    serializer_class = serializers.VisitSerializer
    queryset = Visit.objects.select_related("participant")
    lookup_value_converter = "int"
    filterset_fields = ("participant__subject_id", "visit_type", "state")


class Assessments(Rows[Assessment]):
    """Ratings with their answers and totals, but for what they would tell of the
    concealed."""

    action_asked = "assessment.view"
    serializer_class = serializers.AssessmentSerializer
    queryset = Assessment.objects.select_related(
        "participant", "visit", "rater"
    ).prefetch_related("answers")
    lookup_value_converter = "int"
    filterset_fields = ("participant__subject_id", "visit__visit_type", "instrument")

    def rows(self) -> QuerySet[Assessment]:
        return super().rows().filter(shown_assessments(self.person_request))


class Plates(Rows[Plate]):
    action_asked = "plate.view"
    path = "laboratory"
    serializer_class = serializers.PlateSerializer
    queryset = Plate.objects.select_related("laboratory", "upload")
    lookup_value_converter = "int"
    filterset_fields = ("laboratory__code", "state")


class Results(Rows[Result]):
    action_asked = "plate.view"
    path = "plate__laboratory"
    serializer_class = serializers.ResultSerializer
    queryset = Result.objects.select_related("specimen", "analyte")
    lookup_value_converter = "int"
    filterset_fields = ("specimen__code", "analyte__code", "plate", "range_flag")


class Queries(Rows[Query]):
    action_asked = "query.view"
    serializer_class = serializers.QuerySerializer
    queryset = Query.objects.select_related("site", "form").prefetch_related(
        "messages__written_by"
    )
    lookup_value_converter = "int"
    filterset_fields = ("site__code", "state", "form__code")

    def rows(self) -> QuerySet[Query]:
        of = Participant.objects.filter(pk=OuterRef("participant_id"))
        rows = super().rows().filter(unconcealed(self.person_request))
        return rows.annotate(subject_id=Subquery(of.values("subject_id")))
