import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0021_kinds_of_older_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('site_id', models.BigIntegerField()),
                ('participant_id', models.BigIntegerField()),
                ('field', models.CharField(max_length=60, verbose_name='field')),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.BigIntegerField()),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=63), size=None)),
                ('verified_at', models.DateTimeField(auto_now_add=True, verbose_name='verified at')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone by a change at')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verifications', to='records.form')),
                ('verified_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'source verification',
                'ordering': ('id',),
                'indexes': [models.Index(condition=models.Q(('undone_at__isnull', True)), fields=['table_name', 'row_id'], name='verification_of_row')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('form', 'field'), name='verification_stands_once_a_field')],
            },
        ),
        migrations.CreateModel(
            name='VerificationPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('all', 'every field'), ('critical', 'critical fields'), ('nth', 'every field of every nth participant, else critical fields')], max_length=8, verbose_name='kind')),
                ('every', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='every how many participants')),
                ('critical', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=101), blank=True, default=list, size=None, verbose_name='critical fields')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('set_at', models.DateTimeField(auto_now_add=True, verbose_name='set at')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'verification plan',
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('every__isnull', True), ('kind__in', ['all', 'critical'])), models.Q(('every__gte', 2), ('every__isnull', False), ('kind', 'nth')), _connector='OR'), name='verification_plan_counts_participants_for_nth', violation_error_message='Every nth participant needs a number of 2 or more; the other kinds need none.'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='verification_plan_has_a_reason')],
            },
        ),
    ]
