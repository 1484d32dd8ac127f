from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from stannary.web.assessments.models import Assessment
from stannary.web.parties.models import Site


class PublishedResult(models.Model):
    """The result of an assessment as it was made public: never changed, never taken back.

    The content is everything public, as canonical JSON; what stands beside it is there for lists
    and says the same. An assessment has one result, and another one for each later act of its
    engagement that publishes, and for each correction.
    """

    class Kind(models.TextChoices):
        AUDIT = "audit", _("audit")
        SURVEILLANCE = "surveillance", _("surveillance")
        SETTLEMENT = "settlement", _("what was pending")
        CORRECTION = "correction", _("correction")

    class LevelState(models.TextChoices):
        DETERMINED = "determined", _("determined")
        PENDING = "pending", _("pending")
        NONE = "none", _("no level")

    result_id = models.UUIDField(unique=True)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="results")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.AUDIT)
    act_number = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=_("The act of the engagement that published it; empty where there was none."),
    )
    earlier = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="later",
        help_text=_("The result before it; for a correction the one that it corrects."),
    )
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        help_text=_("The result that it corrects; empty for every other kind."),
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="results")
    standard = models.CharField(max_length=200)
    published_on = models.DateField()
    level = models.CharField(max_length=40, blank=True, help_text=_("Empty unless determined."))
    level_state = models.CharField(max_length=20, choices=LevelState)
    illustrative = models.BooleanField(default=False)
    content = models.TextField(help_text=_("Everything public, as canonical JSON (RFC 8785)."))
    sha256 = models.CharField(max_length=64, unique=True, help_text=_("Of the content."))
    credential = models.TextField(help_text=_("The signed credential, vc+jwt."))
    issuer_document = models.TextField(
        help_text=_("The document of who signed, as it was then, as JSON.")
    )
    log_index = models.PositiveBigIntegerField(unique=True, help_text=_("Entry in the public log."))
    log_proof = models.TextField(help_text=_("Proof of that entry, as .tlog-proof text."))
    log_vkey = models.TextField(help_text=_("What readers need to check the proof."))

    class Meta:
        ordering = ["-published_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level_state="determined") & ~Q(level="")
                | Q(level_state__in=["pending", "none"], level=""),
                name="result_level_only_when_determined",
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(act_number__isnull=True, corrects__isnull=True),
                name="result_one_without_an_act",
            ),
            models.UniqueConstraint(
                fields=["assessment", "act_number"],
                condition=Q(act_number__isnull=False),
                name="result_one_for_an_act",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False, earlier=F("corrects"))
                | Q(kind__in=["audit", "surveillance", "settlement"], corrects__isnull=True),
                name="result_only_corrections_correct",
                violation_error_code="PUBLICATION-012",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.published_on} {self.level}"
