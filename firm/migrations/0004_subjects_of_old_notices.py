from django.db import migrations

# The key of a notice on a flag has always named the flag: "flag:12:raised".
FILL = """
UPDATE firm_notification
   SET subject = 'flag:' || split_part(key, ':', 2)
 WHERE key LIKE 'flag:%' AND subject = ''
"""


class Migration(migrations.Migration):
    dependencies = [("firm", "0003_notice_subject_and_read_at")]

    operations = [migrations.RunSQL(FILL.replace("%", "%%"), migrations.RunSQL.noop)]
