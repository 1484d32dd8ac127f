from django.db import models


class LimitRecord(models.Model):
    """A row of the cache that all workers share: who tried how often, and which codes were used.

    Django's database cache reads and writes it; its form is Django's.
    """

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_limits"

    def __str__(self) -> str:
        return self.cache_key
