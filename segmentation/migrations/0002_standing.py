from django.db import migrations

VIEW = """
CREATE VIEW segmentation_standing AS
SELECT *
  FROM segmentation_standinghistory
 WHERE as_of = (SELECT max(as_of) FROM segmentation_run)
"""


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0001_initial")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW segmentation_standing")]
