"""People and engagements, as the tests of engagements have them."""

from web.cycle.conftest import (
    cast,
    do,
    engagement,
    operator,
    reviewer,
    site,
    site_user,
    world,
)

__all__ = ["cast", "do", "engagement", "operator", "reviewer", "site", "site_user", "world"]
