"""Places and the coarse grid that buttons carry."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.place import Place, distance_km, from_cell, to_cell, valid_coordinates

LEEDS, LONDON = (53.7997, -1.5492), (51.5072, -0.1276)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_place_on_the_grid_is_less_than_a_kilometre_away(latitude: float, longitude: float) -> None:
    place = Place("", latitude, longitude).on_grid()
    assert distance_km((latitude, longitude), (place.latitude, place.longitude)) < 1


@given(st.integers(0, 2**30 - 1))
def test_a_cell_is_the_cell_of_its_own_centre(cell: int) -> None:
    assert to_cell(*from_cell(cell)) == cell


def test_leeds_is_270_kilometres_from_london() -> None:
    assert distance_km(LEEDS, LONDON) == pytest.approx(272, abs=3)


def test_two_sides_of_the_date_line_are_close() -> None:
    assert distance_km((0, 179.99), (0, -179.99)) < 3


@pytest.mark.parametrize("point", [(0, 0), (91, 0), (0, 181), (math.nan, 1), (math.inf, 1)])
def test_null_island_and_points_beyond_the_earth_are_no_place(point: tuple[float, float]) -> None:
    assert not valid_coordinates(*point)


@pytest.mark.parametrize("point", [(90, 0), (-90, 180), (0, 180), (51.5, 0)])
def test_the_poles_and_the_date_line_are_places(point: tuple[float, float]) -> None:
    assert valid_coordinates(*point)
