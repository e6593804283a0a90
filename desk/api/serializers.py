"""What the API says of each row: the same facts as its page, and no more."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assessments.instruments import INSTRUMENTS, score
from assessments.models import Assessment
from labs.models import Plate, Result
from records.models import Query, QueryMessage
from trial.models import Participant, Visit


class ParticipantSerializer(serializers.ModelSerializer[Participant]):
    site = serializers.CharField(source="site.code")

    class Meta:
        model = Participant
        fields = (
            "subject_id",
            "site",
            "arm",
            "protocol_version",
            "state",
            "screened_on",
            "enrolled_on",
            "ended_on",
            "end_reason",
        )


class VisitSerializer(serializers.ModelSerializer[Visit]):
    participant = serializers.CharField(source="participant.subject_id")

    class Meta:
        model = Visit
        fields = (
            "id",
            "participant",
            "visit_type",
            "planned_on",
            "window_opens",
            "window_closes",
            "state",
            "attended_at",
            "missed_reason",
        )


class AnswerSerializer(serializers.Serializer[Any]):
    item = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    missing = serializers.CharField()


class TotalSerializer(serializers.Serializer[Any]):
    """`value` is null where a missing item leaves no total."""

    code = serializers.CharField()
    value = serializers.FloatField(allow_null=True)


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    participant = serializers.CharField(source="participant.subject_id")
    visit = serializers.CharField(source="visit.visit_type")
    rater = serializers.CharField(source="rater.full_name")
    answers = AnswerSerializer(many=True)
    totals = serializers.SerializerMethodField()

    class Meta:
        model = Assessment
        fields = (
            "id",
            "participant",
            "visit",
            "instrument",
            "instrument_version",
            "language",
            "recall",
            "mode",
            "rater",
            "rated_at",
            "answers",
            "totals",
        )

    @extend_schema_field(TotalSerializer(many=True))
    def get_totals(self, row: Assessment) -> Any:
        """Computed by the one function that the pages use, never stored."""
        scores = score(INSTRUMENTS[row.instrument], row.values())
        return TotalSerializer(scores.totals, many=True).data


class PlateSerializer(serializers.ModelSerializer[Plate]):
    laboratory = serializers.CharField(source="laboratory.code")
    file_name = serializers.CharField(source="upload.file_name")
    sha256 = serializers.CharField(source="upload.sha256")

    class Meta:
        model = Plate
        fields = (
            "id",
            "laboratory",
            "file_name",
            "sha256",
            "batch",
            "software",
            "instrument",
            "serial_number",
            "acquired_at",
            "checksum",
            "warnings",
            "state",
            "judged_at",
            "judged_reason",
            "approved_at",
        )


class ResultSerializer(serializers.ModelSerializer[Result]):
    """A specimen is named by its bar code only: the laboratory knows no participant."""

    specimen = serializers.CharField(source="specimen.code")
    analyte = serializers.CharField(source="analyte.code")

    class Meta:
        model = Result
        fields = (
            "id",
            "specimen",
            "analyte",
            "plate",
            "version",
            "concentration_pg_ml",
            "cv_percent",
            "range_flag",
            "printed_bound_pg_ml",
            "lloq_pg_ml",
            "uloq_pg_ml",
            "n_wells",
            "duplicates",
            "accepted_at",
        )


class MessageSerializer(serializers.ModelSerializer[QueryMessage]):
    text = serializers.CharField(source="said")
    written_by = serializers.CharField(source="written_by.full_name", default=None)

    class Meta:
        model = QueryMessage
        fields = ("kind", "text", "written_by", "written_at")


class QuerySerializer(serializers.ModelSerializer[Query]):
    site = serializers.CharField(source="site.code")
    form = serializers.CharField(source="form.code", default=None)
    about = serializers.CharField(source="about_type.model", default=None)
    participant = serializers.CharField(source="subject_id")
    messages = MessageSerializer(many=True)

    class Meta:
        model = Query
        fields = (
            "id",
            "site",
            "participant",
            "form",
            "about",
            "about_id",
            "field",
            "check_code",
            "state",
            "raised_at",
            "closed_at",
            "messages",
        )
