"""What stands beside an asset in the order of a query, and near an id that there is not."""

import pytest
from gallery_builders import make_pictures
from sqlalchemy import update

from gallery.journal.editing import Edit
from gallery.searching.neighbours import Neighbours, nearest, neighbours
from gallery.store.tables import asset
from ontology.errors import InvalidInputError

ORDERS = ("", "sort:created", "sort:rating", "sort:-rating", "sort:-rating,path", "sort:path", "sort:width,-rating")


@pytest.fixture
def filled(gallery, root):
    """Nine assets, some rated alike, some not at all; every third is a background."""
    ids = [item.id for item in gallery.add(make_pictures(root, 9)).results]
    for place, rating in enumerate([3, None, 3, 5, None, 0, 5, 1, None]):
        if rating is not None:
            gallery.tag(ids[place], add=["role:bg"] if place % 3 == 0 else ["mood:calm"])
            gallery.edit_all(ids[place], Edit(rating=rating))
    with gallery.context.database.write() as connection:
        for place, asset_id in enumerate(ids):  # two widths, in both of which some are not rated
            connection.execute(update(asset).where(asset.c.id == asset_id).values(width=100 * (1 + place % 2)))
    return gallery


@pytest.mark.parametrize("terms", ["", "(role:bg or mood:calm)", "role:bg"])
@pytest.mark.parametrize("order", ORDERS)
def test_neighbours_are_those_of_the_whole_order(filled, context, terms, order):
    query = f"{terms} {order}"
    ids = [found.id for found in filled.search(query).assets]
    assert len(ids) > 1
    for place, asset_id in enumerate(ids):
        before = ids[place - 1] if place else None
        after = ids[place + 1] if place + 1 < len(ids) else None
        assert neighbours(context, asset_id, query) == Neighbours(before, after)


@pytest.mark.parametrize("order", ORDERS)
def test_an_asset_that_the_query_does_not_find_stands_where_it_would(filled, context, order):
    whole = [found.id for found in filled.search(order).assets]
    found = {one.id for one in filled.search("role:bg").assets}
    for place, asset_id in enumerate(whole):
        before = [other for other in whole[:place] if other in found]
        after = [other for other in whole[place + 1 :] if other in found]
        expected = Neighbours(before[-1] if before else None, after[0] if after else None)
        assert neighbours(context, asset_id, f"role:bg {order}") == expected


def test_the_trash_is_passed_over(filled, context):
    first, second, third, *_ = [one.id for one in filled.search().assets]
    filled.trash(second)
    assert neighbours(context, first).next == third
    assert neighbours(context, second) == Neighbours(first, third)


def test_an_unknown_asset_has_none_and_a_wrong_query_is_told(filled, context):
    assert neighbours(context, "a0000000000000000") == Neighbours()
    with pytest.raises(InvalidInputError):
        neighbours(context, filled.search().assets[0].id, "ratng:3")


def test_the_nearest_ids_share_the_longest_beginning(filled, context):
    known = filled.search().assets[0].id
    wrong = known[:9] + ("0" * 8 if known[9:] != "0" * 8 else "1" * 8)
    assert [one.id for one in nearest(context, wrong)] == [known]
    assert nearest(context, "alexander.png") == ()
    assert nearest(context, "") == nearest(context, "a") == ()
    filled.trash(known)
    assert known not in [one.id for one in nearest(context, wrong)]
