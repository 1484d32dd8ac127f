from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Person(AbstractUser):
    """Somebody who can sign in. What they may do follows from their roles alone."""

    language = models.CharField(
        max_length=10,
        blank=True,
        help_text=_("In which they signed in last, and get mail; empty: English."),
    )
    demonstration = models.BooleanField(
        default=False, help_text=_("Made by the demonstration, and marked so wherever it shows.")
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="person_name_once", violation_error_code="PARTY-021"
            ),
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="person_address_once",
                violation_error_code="PARTY-022",
            ),
        ]


class Organisation(models.Model):
    """A mine operator, audit firm, processor, trader, manufacturer or scheme."""

    class Kind(models.TextChoices):
        OPERATOR = "operator", _("mine operator")
        FIRM = "firm", _("audit firm")
        PROCESSOR = "processor", _("processor")
        TRADER = "trader", _("trader")
        MANUFACTURER = "manufacturer", _("manufacturer")
        SCHEME = "scheme", _("scheme")

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    illustrative = models.BooleanField(
        default=False, help_text=_("Made up, and marked so wherever it shows.")
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="organisation_name_once", violation_error_code="PARTY-030"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A mine site: the thing that is assessed.

    A real site holds published facts only, each with its source; a made-up one is illustrative.
    """

    class Status(models.TextChoices):
        PUBLISHED = "published", _("results published")
        LEVEL_PENDING = "level_pending", _("level pending")
        IN_PROCESS = "in_process", _("in process")
        PAUSED = "paused", _("paused")
        SELF_ASSESSING = "self_assessing", _("self-assessing")
        NONE = "none", _("no audit known")

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    other_names = models.CharField(max_length=400, blank=True)
    illustrative = models.BooleanField(default=False)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2"))
    country_mark = models.CharField(max_length=10, blank=True)
    materials = models.CharField(
        max_length=400, blank=True, help_text=_("Keys of materials, separated by blanks.")
    )
    operator = models.CharField(max_length=200, blank=True)
    operator_note = models.CharField(max_length=300, blank=True)
    operator_source = models.CharField(max_length=400, blank=True)
    operator_mark = models.CharField(max_length=10, blank=True)
    firm = models.CharField(max_length=200, blank=True)
    firm_source = models.CharField(max_length=400, blank=True)
    firm_mark = models.CharField(max_length=10, blank=True)
    standard = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.NONE)
    level = models.CharField(max_length=40, blank=True)
    level_source = models.CharField(max_length=400, blank=True)
    level_mark = models.CharField(max_length=10, blank=True)
    released_on = models.CharField(
        max_length=10, blank=True, help_text=_("Partial date of the newest initial release.")
    )
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    place_radius_km = models.PositiveIntegerField(null=True, blank=True)
    place_source = models.CharField(max_length=400, blank=True)
    place_mark = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    file_sha256 = models.CharField(
        max_length=64, blank=True, help_text=_("SHA-256 of the file of published facts.")
    )

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["country"]), models.Index(fields=["status"])]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of a site: what an audit looks at, or leaves out. It is made up as its site is."""

    class Kind(models.TextChoices):
        PIT = "pit", _("open pit")
        UNDERGROUND = "underground", _("underground mine")
        PLANT = "plant", _("plant")
        TAILINGS = "tailings", _("tailings facility")
        WASTE_ROCK = "waste_rock", _("waste rock")
        CAMP = "camp", _("camp")
        ROAD = "road", _("road")
        PORT = "port", _("port")
        OTHER = "other", _("other")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    in_scope = models.BooleanField(
        default=True, help_text=_("Whether an audit of the site looks at it.")
    )
    materials = models.CharField(
        max_length=400, blank=True, help_text=_("Keys of materials, separated by blanks.")
    )
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["site_id", "-in_scope", "name"]
        constraints = [
            models.UniqueConstraint(
                "site", Lower("name"), name="unit_name_once", violation_error_code="PARTY-031"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "pit",
                        "underground",
                        "plant",
                        "tailings",
                        "waste_rock",
                        "camp",
                        "road",
                        "port",
                        "other",
                    ]
                ),
                name="unit_kind_known",
                violation_error_code="PARTY-031",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A place where an organisation keeps or works material, and that is no mine site.

    A made-up one belongs to a made-up organisation; a real one names where it was read.
    """

    class Kind(models.TextChoices):
        CONCENTRATOR = "concentrator", _("concentrator")
        SMELTER = "smelter", _("smelter")
        REFINERY = "refinery", _("refinery")
        CHEMICAL_PLANT = "chemical_plant", _("chemical plant")
        RECYCLING = "recycling", _("recycling plant")
        FACTORY = "factory", _("factory")
        WAREHOUSE = "warehouse", _("warehouse")
        PORT = "port", _("port")
        LABORATORY = "laboratory", _("laboratory")
        OTHER = "other", _("other")

    slug = models.SlugField(
        unique=True, max_length=80, help_text=_("Permanent id, as movements name the place.")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="facilities"
    )
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind)
    country = models.CharField(max_length=2, help_text=_("ISO 3166-1 alpha-2"))
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    place_radius_km = models.PositiveIntegerField(null=True, blank=True)
    materials = models.CharField(
        max_length=400, blank=True, help_text=_("Keys of materials, separated by blanks.")
    )
    gln = models.CharField(max_length=13, blank=True, help_text=_("Global Location Number of GS1."))
    closed_on = models.CharField(
        max_length=10, blank=True, help_text=_("Partial date; empty: it is at work.")
    )
    note = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=400, blank=True)
    mark = models.CharField(max_length=10, blank=True)
    illustrative = models.BooleanField(help_text=_("Made up as its organisation is."))
    version = models.PositiveIntegerField(default=1)
    said_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="facilities_said", help_text=_("Last.")
    )
    said_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "slug"]
        indexes = [models.Index(fields=["kind"]), models.Index(fields=["country"])]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("name"),
                name="facility_name_once",
                violation_error_code="PARTY-032",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "concentrator",
                        "smelter",
                        "refinery",
                        "chemical_plant",
                        "recycling",
                        "factory",
                        "warehouse",
                        "port",
                        "laboratory",
                        "other",
                    ]
                ),
                name="facility_kind_known",
                violation_error_code="PARTY-032",
            ),
            models.UniqueConstraint(
                fields=["gln"],
                condition=~models.Q(gln=""),
                name="facility_gln_once",
                violation_error_code="PARTY-033",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    latitude__isnull=True, longitude__isnull=True, place_radius_km__isnull=True
                )
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    place_radius_km__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                    place_radius_km__gte=1,
                ),
                name="facility_place_is_whole",
                violation_error_code="PARTY-034",
            ),
            models.CheckConstraint(
                condition=models.Q(illustrative=True) | ~models.Q(source="") & ~models.Q(mark=""),
                name="facility_has_source",
                violation_error_code="PARTY-002",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SiteFact(models.Model):
    """One published fact about a real site, with its source and how sure we are of it."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=40)
    on = models.CharField(max_length=10, blank=True, help_text=_("Partial date; empty: unknown."))
    until = models.CharField(max_length=10, blank=True)
    text = models.CharField(max_length=500)
    source = models.CharField(max_length=400)
    mark = models.CharField(max_length=10)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["site_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["site", "position"], name="site_fact_position"),
            models.CheckConstraint(
                condition=~models.Q(source="") & ~models.Q(mark=""),
                name="site_fact_has_source",
                violation_error_code="PARTY-002",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.text}"


class Figure(models.Model):
    """A figure about the whole system, as its source stated it on a date."""

    key = models.SlugField(max_length=80)
    value = models.IntegerField()
    text = models.CharField(max_length=300)
    on = models.CharField(max_length=10)
    source = models.CharField(max_length=400)
    mark = models.CharField(max_length=10)

    class Meta:
        ordering = ["on", "key"]
        constraints = [
            models.UniqueConstraint(fields=["key", "on"], name="figure_key_on"),
            models.CheckConstraint(
                condition=~models.Q(source="") & ~models.Q(mark=""),
                name="figure_has_source",
                violation_error_code="PARTY-002",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.value}"


class Role(models.Model):
    """What a person may do for an organisation."""

    class Kind(models.TextChoices):
        AUDITOR = "auditor", _("auditor")
        CLERK = "clerk", _("material clerk")
        SITE_USER = "site_user", _("site user")
        SECRETARIAT = "secretariat", _("secretariat")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=20, choices=Kind)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "organisation", "kind"], name="one_role")
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.kind} {self.organisation}"


class KeptAnswer(models.Model):
    """What a person's write was answered under a key of theirs, so that it is done only once.

    Written in the transaction of the write: the key is there if and only if the write is.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="kept_answers")
    key = models.CharField(max_length=100, help_text=_("Idempotency-Key, as its sender chose it."))
    request_sha256 = models.CharField(
        max_length=64, help_text=_("Of the method, the address, the media type and the body.")
    )
    at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=1000, blank=True)
    body = models.TextField(blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "key"],
                name="kept_answer_one_for_a_key",
                violation_error_code="API-003",
            ),
        ]

    def __str__(self) -> str:
        return self.key
