"""Pages of one's own account, and of the secretariat's for everybody's. Thin: see operations."""

from typing import Any

from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from stannary.core.kernel import RefusalError, refuse
from stannary.web.accounts import queries
from stannary.web.accounts.forms import InviteForm, RoleForm, SearchForm
from stannary.web.parties import operations
from stannary.web.parties import queries as parties
from stannary.web.parties.models import Person, Role
from stannary.web.parties.rules import IS_THERE_FOR_YOU
from stannary.web.project.problems import finding_shape, status_of

PEOPLE_ON_A_PAGE = 100


class AccountView(IndexView):  # type: ignore[misc] # the library has no types
    """Show somebody their account: name, roles, addresses, password, second factors."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what the library does not know."""
        shown: dict[str, Any] = super().get_context_data(**kwargs)
        shown["roles"] = parties.roles_of(self.request.user)
        shown["is_secretary"] = any(one.kind == Role.Kind.SECRETARIAT for one in shown["roles"])
        shown["addresses"] = self.request.user.emailaddress_set.order_by("-primary", "email")
        shown["factor"] = queries.second_factor(self.request)
        return shown


def signup_closed(request: HttpRequest) -> HttpResponse:
    """Say who makes accounts."""
    return render(request, "account/signup_closed.html")


def _actor(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        refuse(IS_THERE_FOR_YOU)
    return request.user


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List everybody who can sign in, with their roles."""
    asked = SearchForm(request.GET)
    words = asked.cleaned_data["q"] if asked.is_valid() else ""
    found = parties.people(_actor(request), words=words)
    pages = Paginator(queries.with_factors(found), PEOPLE_ON_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "accounts/people.html", {"page": page, "words": words})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an account and mail its link."""
    actor = _actor(request)
    parties.role_to_use(actor, Role.Kind.SECRETARIAT)
    sent = request.method == "POST"
    form = InviteForm(request.POST) if sent else InviteForm(initial={"language": get_language()})
    findings: list[dict[str, object]] = []
    status = 200
    if sent and form.is_valid():
        try:
            person = operations.invite(actor=actor, **form.cleaned_data)
        except RefusalError as refusal:
            findings, status = [finding_shape(one) for one in refusal.findings], status_of(refusal)
        else:
            said = gettext("%(name)s has an account. The link was mailed to %(address)s.")
            messages.success(request, said % {"name": person.username, "address": person.email})
            return redirect("people:person", person.pk)
    elif sent:
        status = 422
    shown = {"form": form, "findings": findings}
    return render(request, "accounts/invite.html", shown, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def person_page(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one account to the secretariat, and do what it decides about it."""
    actor = _actor(request)
    person = parties.person(actor, person_id)
    form = RoleForm(request.POST if request.POST.get("act") == "give" else None)
    findings: list[dict[str, object]] = []
    status = 200
    if request.method == "POST":
        try:
            said = _act(request, actor, person, form)
        except RefusalError as refusal:
            if refusal.rule == IS_THERE_FOR_YOU:
                raise
            findings, status = [finding_shape(one) for one in refusal.findings], status_of(refusal)
        else:
            if said:
                messages.success(request, said)
                return redirect("people:person", person.pk)
            status = 422
    shown = {
        "person": person,
        "is_self": person.pk == actor.pk,
        "factors": queries.factors_of(person),
        "form": form,
        "findings": findings,
    }
    return render(request, "accounts/person.html", shown, status=status)


def _act(request: HttpRequest, actor: Person, person: Person, form: RoleForm) -> str:
    """Do one act, and say what was done; "" if the form does not say it well."""
    act = request.POST.get("act")
    if act in ("give", "take"):
        return _change_roles(request, actor, person, form)
    if act in ("open", "close"):
        operations.set_active(actor=actor, person=person, active=act == "open")
        if act == "open":
            return gettext("The account is open again.")
        return gettext("The account is closed, and signed out everywhere.")
    if act == "invite":
        operations.invite_again(actor=actor, person=person, language=get_language() or "en")
        return gettext("A new link was mailed to %(address)s.") % {"address": person.email}
    if act == "forget":
        gone = operations.forget_second_factors(actor=actor, person=person)
        return ngettext(
            "%(count)s second factor was removed.", "%(count)s second factors were removed.", gone
        ) % {"count": gone}
    return ""


def _change_roles(request: HttpRequest, actor: Person, person: Person, form: RoleForm) -> str:
    role = request.POST.get("role", "")
    if form.is_bound and form.is_valid():
        operations.add_role(actor=actor, person=person, **form.cleaned_data)
        return gettext("The role was given.")
    if not form.is_bound and role.isdecimal():
        operations.take_role(actor=actor, person=person, role_id=int(role[:18]))
        return gettext("The role was taken.")
    return ""
