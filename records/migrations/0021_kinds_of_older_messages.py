"""Threads of before had no kinds: the first entry asked, the last of a closed one closed
it, those between answered."""

from django.db import migrations

ANSWERS = """
UPDATE records_querymessage later SET kind = 'answer' WHERE EXISTS (
    SELECT FROM records_querymessage first
    WHERE first.query_id = later.query_id AND first.id < later.id)
"""
CLOSINGS = """
WITH last AS (
    SELECT DISTINCT ON (m.query_id) m.id, m.query_id, m.written_by_id
    FROM records_querymessage m JOIN records_query q ON q.id = m.query_id
    WHERE q.state = 'closed' ORDER BY m.query_id, m.id DESC
), closed AS (
    UPDATE records_query q SET closed_by_id = last.written_by_id
    FROM last WHERE last.query_id = q.id
)
UPDATE records_querymessage m SET kind = 'closed' FROM last WHERE last.id = m.id
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0020_queries_hang_on_anything")]

    operations = [
        migrations.RunSQL(ANSWERS, migrations.RunSQL.noop),
        migrations.RunSQL(CLOSINGS, migrations.RunSQL.noop),
    ]
