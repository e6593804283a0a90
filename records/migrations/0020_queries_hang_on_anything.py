import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('records', '0013_keep_signatures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='query',
            options={'ordering': ('raised_at',), 'verbose_name': 'query', 'verbose_name_plural': 'queries'},
        ),
        migrations.AlterModelOptions(
            name='querymessage',
            options={'ordering': ('id',), 'verbose_name': 'entry of a query'},
        ),
        migrations.RemoveConstraint(
            model_name='query',
            name='query_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='query',
            name='query_closed_has_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='query',
            name='query_of_a_check_is_open_once',
        ),
        migrations.AddField(
            model_name='query',
            name='about_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='query',
            name='about_type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='query',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='query',
            name='found',
            field=models.CharField(blank=True, max_length=300, verbose_name='values found'),
        ),
        migrations.AddField(
            model_name='querymessage',
            name='kind',
            field=models.CharField(choices=[('query', 'question'), ('answer', 'answer'), ('note', 'note'), ('deviation', 'protocol deviation'), ('closed', 'closed'), ('reopened', 'reopened')], default='query', max_length=9, verbose_name='kind'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='querymessage',
            name='values',
            field=models.JSONField(blank=True, default=dict, verbose_name='values'),
        ),
        migrations.AlterField(
            model_name='query',
            name='check_code',
            field=models.CharField(blank=True, max_length=60, verbose_name='edit check'),
        ),
        migrations.AlterField(
            model_name='query',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='closed at'),
        ),
        migrations.AlterField(
            model_name='query',
            name='field',
            field=models.CharField(blank=True, max_length=60, verbose_name='field'),
        ),
        migrations.AlterField(
            model_name='query',
            name='form',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='queries', to='records.form'),
        ),
        migrations.AlterField(
            model_name='query',
            name='raised_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='raised at'),
        ),
        migrations.AlterField(
            model_name='query',
            name='state',
            field=models.CharField(choices=[('open', 'open'), ('answered', 'answered'), ('closed', 'closed'), ('reopened', 'reopened')], default='open', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='query',
            index=models.Index(fields=['participant_id'], name='query_of_participant'),
        ),
        migrations.AddIndex(
            model_name='query',
            index=models.Index(fields=['site', 'state', 'raised_at'], name='query_by_age'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered', 'closed', 'reopened'])), name='query_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at__isnull', True), ('closed_by__isnull', True)), _connector='OR'), name='query_closed_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about_id__isnull', True), ('about_type__isnull', True), ('form__isnull', False)), models.Q(('about_id__isnull', False), ('about_type__isnull', False), ('field', ''), ('form__isnull', True)), _connector='OR'), name='query_hangs_on_a_form_or_an_object', violation_error_message='A question is about a form, a field of it, or another object.'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('check_code', ''), _negated=True), ('form__isnull', False)), fields=('form', 'field', 'check_code'), name='query_of_a_check_once_a_field'),
        ),
        migrations.AddConstraint(
            model_name='query',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('check_code', ''), _negated=True), ('form__isnull', True)), fields=('about_type', 'about_id', 'check_code'), name='query_of_a_check_once_an_object'),
        ),
        migrations.AddConstraint(
            model_name='querymessage',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['query', 'answer', 'note', 'deviation', 'closed', 'reopened'])), name='query_message_kind_is_known'),
        ),
    ]
