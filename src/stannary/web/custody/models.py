import uuid

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from stannary.core.kernel import MASS_MAX_MG
from stannary.web.parties.models import Organisation, Person


class Book(models.Model):
    """The one row that whoever books locks first, so that two people never book the same kilogram."""

    movements = models.PositiveBigIntegerField(default=0)
    kept_on = models.DateField(
        null=True, blank=True, help_text=_("Day as of which accounts and credits are told.")
    )
    proof = models.TextField(
        blank=True, help_text=_("That nowhere more may be said than came in, as JSON.")
    )
    log_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("Of all movements, each chained to those before it.")
    )
    last_movement = models.PositiveBigIntegerField(
        default=0, help_text=_("Key of the newest movement.")
    )
    newest_on = models.DateField(
        null=True, blank=True, help_text=_("Day of the movement that happened last.")
    )
    state_of = models.CharField(
        max_length=64, blank=True, help_text=_("Up to which movement the state goes: its digest.")
    )
    state_under = models.CharField(
        max_length=64, blank=True, help_text=_("Of the rules and certificates behind the state.")
    )
    state_sum = models.CharField(
        max_length=64, blank=True, help_text=_("Sum of the digests of all rows of the state.")
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="custody_has_one_book")]

    def __str__(self) -> str:
        return str(self.movements)


class Movement(models.Model):
    """One row of a custody file: a lot that takes part in an event. Never changed.

    Its key is its place in the file order.
    """

    event = models.CharField(max_length=200, db_index=True)
    at = models.DateTimeField()
    offset_minutes = models.SmallIntegerField(
        default=0, help_text=_("Offset of the record's own clock from UTC.")
    )
    kind = models.CharField(max_length=20)
    site = models.CharField(max_length=200)
    entity = models.CharField(max_length=200)
    lot = models.CharField(max_length=200)
    side = models.CharField(max_length=4)
    material = models.CharField(max_length=200)
    mass_mg = models.BigIntegerField(help_text=_("Dry mass in milligrams."))
    content_mg = models.BigIntegerField(help_text=_("Mass of the tracked element in milligrams."))
    model = models.CharField(max_length=40, blank=True)
    attestation = models.CharField(max_length=200, blank=True)
    account = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    process = models.CharField(max_length=200, blank=True, db_default="")
    element = models.CharField(max_length=200, blank=True, db_default="")
    recorded_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was booked; empty: as it happened.")
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["lot", "side"]),
            models.Index(fields=["site", "kind"]),
            models.Index(fields=["entity", "account"]),
            models.Index(fields=["kind", "at"]),
            models.Index(
                fields=["account"], condition=Q(kind="correct"), name="movement_corrections"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(mass_mg__gte=1) & Q(mass_mg__lte=MASS_MAX_MG),
                name="movement_mass",
                violation_error_code="KERNEL-001",
            ),
            models.CheckConstraint(
                condition=Q(content_mg__gte=1) & Q(content_mg__lte=F("mass_mg")),
                name="movement_content",
                violation_error_code="CUSTODY-027",
            ),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(side="out") & ~Q(kind__in=("book", "transfer", "correct")),
                name="lot_is_made_once",
                violation_error_code="CUSTODY-001",
            ),
            models.UniqueConstraint(
                fields=["lot"],
                condition=Q(side="out", kind__in=("book", "transfer")),
                name="credit_is_made_once",
                violation_error_code="CUSTODY-090",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.kind} {self.side} {self.lot}"


class Lot(models.Model):
    """What the movements say of a lot now: a projection, made anew from them at each booking."""

    lot_id = models.CharField(max_length=200, unique=True)
    material = models.CharField(max_length=200)
    mass_mg = models.BigIntegerField()
    content_mg = models.BigIntegerField()
    left_mass_mg = models.BigIntegerField()
    left_content_mg = models.BigIntegerField()
    model = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    site = models.CharField(max_length=200)
    holder = models.CharField(
        max_length=200, blank=True, help_text=_("Empty: used up or under way.")
    )
    holder_site = models.CharField(max_length=200, blank=True)
    in_transit = models.BooleanField(default=False)
    element = models.CharField(
        max_length=200, blank=True, db_default="", help_text=_("Tracked element; empty: not said.")
    )

    class Meta:
        ordering = ["lot_id"]
        indexes = [models.Index(fields=["holder"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_mass_mg__gte=0) & Q(left_mass_mg__lte=F("mass_mg")),
                name="lot_left_mass",
                violation_error_code="CUSTODY-006",
            ),
            models.CheckConstraint(
                condition=Q(left_content_mg__gte=0) & Q(left_content_mg__lte=F("content_mg")),
                name="lot_left_content",
                violation_error_code="CUSTODY-007",
            ),
        ]

    def __str__(self) -> str:
        return self.lot_id


class Carried(models.Model):
    """What may be said of a lot, by source: a projection, like `Lot`."""

    lot_id = models.CharField(max_length=200, unique=True)
    amounts = models.TextField(
        help_text=_("Of what is left of it: day, site, attestation, kind and milligrams, as JSON.")
    )
    given = models.TextField(
        blank=True,
        db_default="",
        help_text=_("The most of all of it, likewise, less what became credits; empty: not known."),
    )

    class Meta:
        ordering = ["lot_id"]

    def __str__(self) -> str:
        return self.lot_id


class Uncovered(models.Model):
    """Why what a movement did counts towards no claim, or is below what a pack asks: a projection."""

    event = models.CharField(max_length=200, db_index=True)
    entity = models.CharField(max_length=200, db_index=True)
    code = models.CharField(max_length=40)
    facts = models.TextField(help_text=_("As JSON."))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.code}"


class AccountPeriod(models.Model):
    """An account of mass balance in one balance period, under one method: a projection.

    The method that counts is that of the entity's certificate; the other is there to compare.
    """

    entity = models.CharField(max_length=200, db_index=True)
    boundary = models.CharField(max_length=200)
    material = models.CharField(max_length=200)
    method = models.CharField(max_length=20)
    counts = models.BooleanField(
        default=True,
        db_default=True,
        help_text=_("Whether the account is kept so; if not, it is to compare."),
    )
    valid_from = models.DateField()
    valid_until = models.DateField()
    opening_mg = models.BigIntegerField()
    entered_mg = models.BigIntegerField()
    given_mg = models.BigIntegerField()
    lapsed_mg = models.BigIntegerField()
    closing_mg = models.BigIntegerField()
    deficit_mg = models.BigIntegerField()
    content_in_mg = models.BigIntegerField()
    lapses_next_mg = models.BigIntegerField(
        default=0, help_text=_("Of the closing balance, what ends with this period if unused.")
    )
    closed = models.BooleanField()
    element = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["entity", "boundary", "material", "element", "method", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "boundary", "material", "element", "method", "valid_from"],
                name="account_period_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    opening_mg=F("given_mg") + F("lapsed_mg") + F("closing_mg") - F("entered_mg")
                ),
                name="account_period_adds_up",
                violation_error_code="CUSTODY-080",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.boundary} {self.material} {self.valid_from}"


class CreditHeld(models.Model):
    """A credit of book and claim and what is left of it: a projection."""

    credit_id = models.CharField(max_length=200, unique=True)
    booked_by = models.CharField(max_length=200)
    holder = models.CharField(max_length=200, db_index=True)
    parent = models.CharField(max_length=200, blank=True, db_index=True)
    material = models.CharField(max_length=200)
    site = models.CharField(max_length=200)
    attestation = models.CharField(max_length=200, db_index=True)
    produced_on = models.DateField()
    unit_mg = models.BigIntegerField()
    booked_on = models.DateField()
    expires_on = models.DateField(help_text=_("First day on which it can no longer be used."))
    quantity_mg = models.BigIntegerField()
    left_mg = models.BigIntegerField()

    class Meta:
        ordering = ["booked_on", "credit_id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_mg__gte=0) & Q(left_mg__lte=F("quantity_mg")),
                name="credit_is_used_once",
                violation_error_code="CUSTODY-090",
            ),
        ]

    def __str__(self) -> str:
        return self.credit_id


def begins(column: str) -> Func:
    """Give the first 200 signs of a text, as many as the id of a lot has at most.

    Written so that both databases know it again in an index; a longer text fits into none.
    """
    return Func(column, template="SUBSTR(%(expressions)s, 1, 200)", output_field=models.CharField())


class CreditUse(models.Model):
    """Credits that were used up for somebody, for good: a projection."""

    event = models.CharField(max_length=200, unique=True)
    on = models.DateField()
    credit_id = models.CharField(max_length=200, db_index=True)
    holder = models.CharField(max_length=200)
    beneficiary = models.CharField(max_length=2000)
    period = models.CharField(max_length=200, blank=True)
    material = models.CharField(max_length=200)
    site = models.CharField(max_length=200)
    attestation = models.CharField(max_length=200)
    quantity_mg = models.BigIntegerField()

    class Meta:
        ordering = ["on", "event"]
        indexes = [models.Index(begins("beneficiary"), name="credit_use_by_beneficiary")]

    def __str__(self) -> str:
        return f"{self.event} {self.credit_id}"


class MovementFile(models.Model):
    """A file of movements that a clerk handed in: looked at first, then booked, or forgotten."""

    file_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="movement_files"
    )
    handed_in_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="movement_files"
    )
    handed_in_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, help_text=_("Of the file."))
    size = models.PositiveIntegerField(help_text=_("In bytes."))
    content = models.BinaryField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                name="movement_file_is_kept_once",
                violation_error_code="CUSTODY-045",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FileStep(models.Model):
    """Something that was done with a file of movements. Never changed."""

    class Kind(models.TextChoices):
        ASKED = "asked", _("waits to be checked")
        READ = "read", _("read")
        CHECKED = "checked", _("checked")
        CONFIRMED = "confirmed", _("waits to be booked")
        BOOKING = "booking", _("is being booked")
        REFUSED = "refused", _("not booked")
        BOOKED = "booked", _("booked")

    file = models.ForeignKey(MovementFile, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    report = models.TextField(blank=True, help_text=_("What was found, as JSON."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file"],
                condition=Q(kind="booked"),
                name="file_is_booked_once",
                violation_error_code="CUSTODY-045",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind}"


class FileProgress(models.Model):
    """How many rows of a file were read or tried so far: no fact, but a bar, written over and over."""

    class Stage(models.TextChoices):
        READING = "reading", _("is being read")
        TRYING = "trying", _("is being tried on the book")
        WRITING = "writing", _("is being written")

    file = models.OneToOneField(MovementFile, on_delete=models.CASCADE, related_name="progress")
    stage = models.CharField(max_length=10, choices=Stage)
    done = models.PositiveIntegerField(help_text=_("Movements so far."))
    whole = models.PositiveIntegerField(help_text=_("Of so many; 0: not known yet."))
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.stage} {self.done}/{self.whole}"


class FileBooking(models.Model):
    """That the rows of a file were booked, whichever form the file had. Never changed."""

    file = models.OneToOneField(MovementFile, on_delete=models.PROTECT, related_name="booking")
    rows_sha256 = models.CharField(
        max_length=64, unique=True, help_text=_("Of the rows as CSV, whatever the file's form.")
    )
    rows = models.PositiveIntegerField()
    movements = models.PositiveBigIntegerField(help_text=_("In the book afterwards."))
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.rows_sha256


class BookState(models.Model):
    """What is kept of a lot, an account or a credit: the state of the books after the newest movement.

    It follows from the movements and is never trusted without its digest: see `state`.
    """

    class Kind(models.TextChoices):
        LOT = "lot", _("lot")
        ACCOUNT = "account", _("account")
        CREDIT = "credit", _("credit")

    kind = models.CharField(max_length=8, choices=Kind)
    key = models.CharField(max_length=200, help_text=_("Its id; of an account, a digest."))
    state = models.TextField(blank=True, help_text=_("As JSON; empty: there is none."))
    average = models.TextField(
        blank=True, help_text=_("The same by the other method; empty: as above; a dash: none.")
    )
    told = models.TextField(
        blank=True, help_text=_("What an account comes to on the day, as JSON.")
    )
    told_average = models.TextField(blank=True)
    touched_at = models.DateTimeField(help_text=_("When the latest event was that touched it."))
    until = models.DateField(
        null=True, blank=True, help_text=_("First day on which time alone changes it.")
    )
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["kind", "key"]
        indexes = [
            models.Index(fields=["kind", "until"]),
            models.Index(fields=["kind", "touched_at"]),
        ]
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="state_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class BookCheck(models.Model):
    """That all movements were replayed and compared with the state of the books. Never changed."""

    at = models.DateTimeField()
    movements = models.PositiveBigIntegerField()
    log_sha256 = models.CharField(max_length=64)
    differences = models.PositiveIntegerField()
    found = models.TextField(blank=True, help_text=_("What differs, the first of it, as JSON."))

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.at} {self.differences}"


class PeriodReminder(models.Model):
    """That a person was reminded of the end of a balance period: made once for each step."""

    entity = models.CharField(max_length=200)
    boundary = models.CharField(max_length=200)
    material = models.CharField(max_length=200)
    valid_until = models.DateField(help_text=_("First day after the period."))
    days = models.PositiveSmallIntegerField(help_text=_("How long before the end, at most."))
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    element = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "person",
                    "entity",
                    "valid_until",
                    "days",
                    "boundary",
                    "material",
                    "element",
                ],
                name="period_reminder_once_a_step",
            )
        ]

    def __str__(self) -> str:
        return f"{self.entity} {self.valid_until}"
