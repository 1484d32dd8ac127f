"""Downloads under /data/: streamed, without an account. Each app brings its own."""

from django.urls import path

from stannary.web.claims import downloads as claims
from stannary.web.crosswalks import downloads as crosswalks
from stannary.web.custody import downloads as custody
from stannary.web.custody.books import downloads as books
from stannary.web.entities import downloads as entities
from stannary.web.independence import downloads as independence
from stannary.web.parties import downloads as parties
from stannary.web.publications import downloads as publications
from stannary.web.register import downloads as register
from stannary.web.standards import downloads as standards

urlpatterns = [
    path("sites.<str:form>", parties.sites),
    path("facts.<str:form>", parties.facts),
    path("facilities.<str:form>", parties.facilities),
    path("requirements.<str:form>", standards.requirements),
    path("crosswalks.<str:form>", crosswalks.judgements),
    path("co-audit-plan.<str:form>", crosswalks.plan),
    path("firms.<str:form>", independence.firms),
    path("results.<str:form>", publications.results),
    path("certificates.<str:form>", entities.certificates),
    path("lots.<str:form>", custody.lots),
    path("credits.<str:form>", books.credits_of_all),
    path("credit-uses.<str:form>", books.uses),
    path("movements.<str:form>", custody.movements),
    path("claims.<str:form>", claims.claims),
    path("suspensions.<str:form>", register.suspensions),
    path("credits-by-mine.<str:form>", register.credits_by_mine),
]
