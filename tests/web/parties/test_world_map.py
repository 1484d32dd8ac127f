"""The map: one link for each place, marks that a finger can hit and that never cover one another."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from pytest_django import Settings

from stannary.web.parties import queries, world_map
from stannary.web.parties.models import Site
from stannary.web.parties.projection import HEIGHT, WIDTH, project
from stannary.web.parties.world_map import LOOKS, Area, clusters

pytestmark = pytest.mark.django_db


def drawn(
    rows: list[queries.SiteRow], enlarged: Area | None = None, **filters: str
) -> list[Element]:
    text = world_map.draw(
        rows, area=enlarged, address_of=lambda row: f"/sites/{row.slug}/", filters=filters
    )
    return list(fromstring(f"<all>{text}</all>"))


def links(drawing: Element) -> Iterator[tuple[str, str]]:
    for link in drawing.iter("a"):
        yield link.attrib["href"], str(link.findtext("title"))


def test_every_site_with_a_place_is_in_every_drawing_once(published: None) -> None:
    rows = queries.site_rows()

    for look, drawing in zip(LOOKS, drawn(rows), strict=True):
        marks = clusters(world_map.placed(rows), apart=look.touch * WIDTH / look.pixels)
        assert sorted(row.slug for mark in marks for row in mark.rows) == sorted(
            row.slug for row in rows
        )
        assert len(list(links(drawing))) == len(marks)


@pytest.mark.parametrize("number", [10, 1000])
def test_no_mark_covers_another(make_sites: Callable[[int], list[Site]], number: int) -> None:
    make_sites(number)
    rows = queries.site_rows()

    for look in LOOKS:
        apart = look.touch * WIDTH / look.pixels
        for one, other in combinations(clusters(world_map.placed(rows), apart=apart), 2):
            assert (one.x - other.x) ** 2 + (one.y - other.y) ** 2 >= apart * apart
        assert look.touch >= 24


def test_a_mark_of_several_leads_to_their_area_with_the_filters_kept(published: None) -> None:
    rows = [row for row in queries.site_rows() if row.country == "BR"]

    address, title = next(links(drawn(rows, material="nickel")[-1]))

    assert title == "2 sites: Barro Alto, Minas-Rio"
    assert re.fullmatch(r"\?material=nickel&area=[-\d.%C]+#map", address)


def test_where_nothing_can_be_enlarged_further_the_list_tells_them_apart(published: None) -> None:
    rows = [row for row in queries.site_rows() if row.slug.startswith("salar-")]
    area = world_map.area_of(rows)

    for drawing in drawn(rows, area, area=str(area)):
        assert [address for address, _title in links(drawing)] == ["#list"]


def test_an_area_shows_its_sites_and_no_others(client: Client, published: None) -> None:
    page = client.get("/sites/?area=-50,-24,-40,-10").content.decode()

    assert "<strong>2</strong> sites of 25" in page
    assert "Barro Alto" in page
    assert "Amandelbult</a>" not in page
    assert "Show the whole world" in page


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,x", "10,0,5,1", "0,5,1,5", "-181,0,1,1", "0,0,1,91", "nan,0,1,1"]
)
def test_what_is_no_area_is_none(text: str) -> None:
    assert Area.parse(text) is None


def test_the_edge_of_an_area_belongs_to_it(published: None) -> None:
    rio = next(row for row in queries.site_rows() if row.slug == "minas-rio")

    assert Area(-43.5, -19, -40, -10).holds(rio)
    assert not Area(-43.4, -19, -40, -10).holds(rio)


def test_a_frame_lies_within_the_map_and_has_its_shape() -> None:
    for area in (
        Area(-180, -60, -170, -50),
        Area(170, 70, 180, 84),
        Area(0, 0, 6, 6),
        Area(-180, -90, 180, 90),
    ):
        x, y, width, height = world_map.frame_of(area)
        assert x >= 0
        assert y >= 0
        assert x + width <= WIDTH + 0.01
        assert y + height <= HEIGHT + 0.01
        assert width / height == pytest.approx(WIDTH / HEIGHT)


def test_the_projection_keeps_the_middle_and_the_sides() -> None:
    assert project(0, 0)[0] == WIDTH / 2
    assert project(0, 180)[0] == pytest.approx(WIDTH)
    assert project(0, -180)[0] == pytest.approx(0)
    assert project(84, 0)[1] == pytest.approx(0)
    assert project(60, 180)[0] < project(0, 180)[0]
    assert project(10, 20)[1] < project(-10, 20)[1]


def test_without_a_base_map_the_page_shows_lines_and_marks(
    client: Client, published: None, settings: Settings, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    bare = client.get("/sites/").content.decode()
    (tmp_path / "assets" / "stannary").mkdir(parents=True)
    (tmp_path / "assets" / "stannary" / "world.svg").write_text("<svg/>")
    full = client.get("/sites/").content.decode()

    assert "<image" not in bare
    assert bare.count('class="graticule"') == 3
    assert full.count('<image href="/static/stannary/world.svg"') == 3
    assert bare.count("<a class=") == full.count("<a class=")


def test_a_mark_says_name_and_level_and_whether_it_is_made_up(published: None) -> None:
    Site.objects.create(
        slug="example", name="Example <Mine>", country="NZ", illustrative=True, level="OPEN-75",
        latitude=-41, longitude=174,
    )  # fmt: skip
    titles = {title for drawing in drawn(queries.site_rows()) for _address, title in links(drawing)}

    assert "Example <Mine>: OPEN 75 (illustrative)" in titles
    assert "Stillwater (US PGM): paused" in titles


def test_a_site_without_a_place_is_counted_and_not_drawn(client: Client, db: None) -> None:
    Site.objects.create(slug="a", name="A", country="BR", latitude=1, longitude=1)
    Site.objects.create(slug="b", name="B", country="BR")

    page = client.get("/sites/").content.decode()

    assert page.count('<a class="site"') == 3
    assert "1 site has no known place." in page
