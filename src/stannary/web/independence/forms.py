"""What is typed about firms and their people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stannary.core.independence import EVERYWHERE, TeamRole
from stannary.web.independence import queries, words
from stannary.web.independence.models import InterestRecord
from stannary.web.independence.operations import Scope
from stannary.web.parties import reference
from stannary.web.parties.models import Organisation
from stannary.web.parties.search import fold

INTERESTS = 3
"""How many interests a declaration has room for; who has more declares again with all of them."""


class Day(forms.DateInput):
    """A day, as browsers take it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def country_codes(text: str) -> tuple[list[str], list[str]]:
    """Read countries by code or name in any language: the codes, and what is no country.

    They stand on lines of their own or between commas or semicolons; a name that holds commas
    itself stands on its own line.
    """
    known = {fold(code): code for code in reference.countries()}
    for code in reference.countries():
        for name in reference.every_name(reference.countries(), code):
            known.setdefault(fold(name), code)
    codes: list[str] = []
    unknown: list[str] = []
    for line in text.replace(";", "\n").splitlines():
        whole = fold(line.strip())
        parts = [line] if whole in known else line.split(",")
        for part in parts:
            said = part.strip()
            if fold(said) in known:
                codes.append(known[fold(said)])
            elif said:
                unknown.append(said)
    return codes, unknown


class ScopeForm(forms.Form):
    """Standards, countries and materials."""

    standards = forms.MultipleChoiceField(
        label=_("Standards"), widget=forms.CheckboxSelectMultiple, required=False
    )
    any_country = forms.BooleanField(label=_("Any country"), required=False)
    countries = forms.CharField(
        label=_("Countries"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Names or two-letter codes, one on a line or between commas."),
    )
    any_material = forms.BooleanField(label=_("Any material"), required=False)
    materials = forms.MultipleChoiceField(
        label=_("Materials"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = ((key, reference.material_name(key)) for key in reference.materials())
        self.fields["standards"].choices = list(queries.standards_here().items())  # type: ignore[attr-defined] # of a choice field
        self.fields["materials"].choices = sorted(named, key=lambda one: fold(one[1]))  # type: ignore[attr-defined] # of a choice field

    def clean_countries(self) -> list[str]:
        """Read the countries, and name those that are none."""
        codes, unknown = country_codes(self.cleaned_data["countries"])
        if unknown:
            raise forms.ValidationError(
                _("Not known as countries: %(names)s."), params={"names": "; ".join(unknown)[:300]}
            )
        return codes

    def scope(self) -> Scope:
        """Give what was chosen; any leaves no others beside it."""
        said = self.cleaned_data
        return Scope(
            standards=tuple(said["standards"]),
            countries=(EVERYWHERE,) if said["any_country"] else tuple(said["countries"]),
            materials=(EVERYWHERE,) if said["any_material"] else tuple(said["materials"]),
        )


def scope_initial(standards: str, countries: str, materials: str) -> dict[str, object]:
    """Give a stored scope as the form shows it."""
    named = (reference.country_name(code) for code in countries.split())
    return {
        "standards": standards.split(),
        "any_country": countries == EVERYWHERE,
        "countries": "" if countries == EVERYWHERE else "\n".join(sorted(named)),
        "any_material": materials == EVERYWHERE,
        "materials": [] if materials == EVERYWHERE else materials.split(),
    }


class ApplicationForm(ScopeForm):
    """A firm's application."""

    statement = forms.CharField(
        label=_("Why the firm is able to do it"),
        max_length=20_000,
        widget=forms.Textarea,
        help_text=_("Experience, people, how independence is kept. Only the secretariat reads it."),
    )


class GrantForm(ScopeForm):
    """What is granted, from when to when."""

    since = forms.DateField(label=_("First day"), widget=Day)
    until = forms.DateField(
        label=_("Last day"), widget=Day, required=False, help_text=_("Empty: without end.")
    )
    reason = forms.CharField(
        label=_("Why no more was granted"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )


class SuspendForm(ReasonForm):
    """A suspension."""

    since = forms.DateField(label=_("First day"), widget=Day)
    until = forms.DateField(
        label=_("First day on which it counts again"),
        widget=Day,
        required=False,
        help_text=_("Empty: not known yet."),
    )
    field_order = ["since", "until", "reason"]


class EndSuspensionForm(ReasonForm):
    """The end of a suspension."""

    until = forms.DateField(label=_("First day on which it counts again"), widget=Day)
    field_order = ["until", "reason"]


class EndApprovalForm(ReasonForm):
    """The end of an approval."""

    last_day = forms.DateField(label=_("Last day"), widget=Day)
    field_order = ["last_day", "reason"]


class CompetenceForm(forms.Form):
    """Something that a person is qualified for."""

    kind = forms.CharField(
        label=_("Competence"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "kinds", "autocapitalize": "none"}),
        help_text=_("As the standard names it: lead_auditor, say."),
    )
    since = forms.DateField(label=_("First day"), widget=Day)
    until = forms.DateField(
        label=_("Last day"), widget=Day, required=False, help_text=_("Empty: it does not expire.")
    )
    source = forms.CharField(
        label=_("Certificate, or who says so"), max_length=400, widget=forms.TextInput
    )


class FeesForm(forms.Form):
    """Income of a financial year."""

    operator = forms.ModelChoiceField(
        label=_("Operator, with its group"), queryset=Organisation.objects.none()
    )
    year_ended_on = forms.DateField(label=_("Last day of the financial year"), widget=Day)
    from_operator = forms.IntegerField(label=_("Income from the operator"), min_value=0)
    in_all = forms.IntegerField(label=_("Income in all"), min_value=1)
    currency = forms.CharField(
        label=_("Currency"), max_length=3, min_length=3, help_text=_("Three letters: EUR, say.")
    )

    def __init__(self, *args: Any, illustrative: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operator"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined] # of a model field
            kind=Organisation.Kind.OPERATOR, illustrative=illustrative
        )

    def clean_currency(self) -> str:
        """Take small letters, too."""
        return str(self.cleaned_data["currency"]).upper()


class InterestForm(forms.Form):
    """One interest; an empty kind is none."""

    kind = forms.ChoiceField(
        label=_("Interest"),
        required=False,
        choices=[("", _("none")), *InterestRecord.Kind.choices],
    )
    until = forms.DateField(
        label=_("Last day of it"), widget=Day, required=False, help_text=_("Empty: it goes on.")
    )
    note = forms.CharField(label=_("What it is or was"), max_length=1000, required=False)


class WholeForm(forms.Form):
    """That a declaration is whole."""

    whole = forms.BooleanField(label=_("This is everything that I know of."))


class CheckForm(forms.Form):
    """What is checked: firm, site, edition and day. People are asked for once the firm is known."""

    firm = forms.ModelChoiceField(
        label=_("Audit firm"),
        to_field_name="slug",
        queryset=Organisation.objects.filter(kind=Organisation.Kind.FIRM).order_by("name"),
    )
    site = forms.CharField(label=_("Site"), max_length=80)
    edition = forms.ChoiceField(label=_("Edition"))
    on = forms.DateField(label=_("Day"), widget=Day)
    audit = forms.ChoiceField(
        label=_("Audit"), choices=[("full", _("full audit")), ("surveillance", _("surveillance"))]
    )
    engagement = forms.ChoiceField(label=_("Declarations for"), required=False)

    def __init__(
        self,
        *args: Any,
        editions: list[tuple[str, str]],
        sites: list[tuple[str, str]],
        engagements: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"] = forms.ChoiceField(label=_("Site"), choices=sites)
        self.fields["edition"].choices = editions  # type: ignore[attr-defined] # of a choice field
        self.fields["engagement"].choices = [("", _("none yet")), *engagements]  # type: ignore[attr-defined] # of a choice field


ROLE_CHOICES = [("", _("not in it")), *((str(role), words.ROLES[str(role)]) for role in TeamRole)]
"""What somebody may be in a team that is checked."""
