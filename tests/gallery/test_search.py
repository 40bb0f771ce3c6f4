"""Pages of what is found: order, cursors, totals; and the stream of candidates."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from gallery_builders import NOON, make_pictures
from sqlalchemy import event, update

from callsheet.exit_codes import exit_code_of
from gallery import Gallery
from gallery.searching import search as search_module
from gallery.store.deadline import DeadlineError, deadline
from gallery.store.moments import from_rfc3339, rfc3339, stamp, utc
from gallery.store.paths import ProjectPaths
from gallery.store.tables import asset
from ontology.errors import InvalidInputError


@pytest.fixture
def filled(gallery, context, root):
    """Ten assets: 000 to 009, of which each two are equally old."""
    gallery.add(make_pictures(root, 10), tags=["role:bg"])
    with context.database.write() as connection:
        for key in range(1, 11):
            moment = NOON - timedelta(days=key // 2)
            connection.execute(update(asset).where(asset.c.key == key).values(created_at=moment))
    return gallery


def test_pages_are_newest_first_then_by_id_and_together_everything_once(filled):
    whole = filled.search().assets
    assert [view.id for view in whole] == [
        view.id for view in sorted(whole, key=lambda view: (-view.created_at.timestamp(), view.id))
    ]
    pages, cursor, totals = [], None, []
    while True:
        page = filled.search("role:bg", limit=3, cursor=cursor)
        pages += page.assets
        totals.append(page.total)
        cursor = page.cursor
        if cursor is None:
            break
    assert pages == list(whole)
    assert totals == [10, None, None, None]


def test_an_asset_that_comes_in_between_moves_nothing_already_seen(filled, root):
    first = filled.search(limit=4)
    filled.add(make_pictures(root / "later", 12)[10:])
    second = filled.search(limit=100, cursor=first.cursor)
    assert not {view.id for view in first.assets} & {view.id for view in second.assets}


def test_the_total_counts_all_that_match(filled):
    assert filled.search("role:bg", limit=2).total == 10
    assert filled.search("loc:park").to_json() == {"assets": [], "total": 0, "cursor": None}
    assert filled.count() == filled.count("role:bg") == 10


def test_a_page_that_is_exactly_full_has_no_next(filled):
    page = filled.search(limit=10)
    assert (len(page.assets), page.total, page.cursor) == (10, 10, None)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_page_has_1_to_500_assets(filled, limit):
    with pytest.raises(InvalidInputError, match="1 to 500"):
        filled.search(limit=limit)


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "é",
        base64.urlsafe_b64encode(b'["x","y","z"]').decode(),
        base64.urlsafe_b64encode(b"[1]").decode(),
    ],
)
def test_a_cursor_that_is_none_is_refused(filled, cursor):
    with pytest.raises(InvalidInputError, match="not a cursor"):
        filled.search(cursor=cursor)


def test_a_cursor_goes_with_its_query(filled):
    cursor = filled.search("role:bg", limit=1).cursor
    assert filled.search("  role:bg ", limit=1, cursor=cursor).assets
    with pytest.raises(InvalidInputError, match="another query"):
        filled.search("-loc:park", cursor=cursor)


def test_the_trash_and_the_missing_are_looked_into_page_by_page(filled, root):
    everything = filled.search().assets
    ids = [view.id for view in everything]
    filled.trash(ids[:5])
    for view in everything[4:7]:  # the first of them in the trash too
        (root / view.path).unlink()
    filled.repair()
    assert [view.id for view in filled.search(state="trashed").assets] == ids[:5]
    assert [view.id for view in filled.search(state="missing").assets] == ids[5:7]
    assert [view.id for view in filled.search().assets] == ids[7:]
    assert [filled.count("role:bg", state=state) for state in ("live", "trashed", "missing")] == [3, 5, 2]
    first = filled.search("role:bg", state="trashed", limit=3)
    assert (first.total, [view.id for view in first.assets]) == (5, ids[:3])
    second = filled.search("role:bg", state="trashed", limit=3, cursor=first.cursor)
    assert ([view.id for view in second.assets], second.cursor) == (ids[3:5], None)
    filled.restore([view.id for view in filled.search(state="trashed").assets])
    assert filled.count(state="trashed") == 0


def test_a_cursor_goes_with_its_state(filled):
    filled.trash([view.id for view in filled.search(limit=5).assets])
    cursor = filled.search(limit=1, state="trashed").cursor
    with pytest.raises(InvalidInputError, match="another query"):
        filled.search(limit=1, cursor=cursor)


def test_candidates_are_all_live_assets_from_one_query(filled, context):
    ids = [view.id for view in filled.search().assets]
    filled.trash(ids[:2])
    statements = []
    event.listen(context.database._engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    found = {view.id: view for view in filled.candidates()}
    assert set(found) == set(ids[2:])
    assert len([text for text in statements if text.startswith("SELECT")]) == 1
    assert found[ids[3]] == filled.get(ids[3]).asset


def test_candidates_may_be_left_half_way(filled):
    stream = filled.candidates()
    next(stream)
    stream.close()
    filled.trash([filled.search().assets[0].id])
    assert len(list(filled.candidates())) == 9


def test_an_empty_gallery_has_no_candidates_and_no_file(gallery, root):
    assert list(gallery.candidates()) == []
    assert gallery.search().total == gallery.count() == 0
    assert list(root.iterdir()) == []


def test_moments_are_written_with_z_and_naive_ones_are_utc():
    moment = datetime(2026, 1, 2, 3, 4, 5, 600000, tzinfo=UTC)
    assert rfc3339(moment) == "2026-01-02T03:04:05.600000Z"
    assert rfc3339(moment.replace(microsecond=0)) == "2026-01-02T03:04:05Z"
    assert from_rfc3339(rfc3339(moment)) == moment
    assert utc(moment.replace(tzinfo=None)) == moment
    assert stamp(moment) == "20260102T030405600000Z"


@pytest.mark.parametrize("name", ["a b.png", "ü/é.png", "#?%[x].png", "new\nline.png", "~tilde.png", "a+b&c=d.png"])
def test_urls_are_those_that_pathlib_makes(tmp_path, name):
    paths = ProjectPaths(tmp_path)
    assert paths.url(name) == (tmp_path / name).as_uri()
    assert paths.url(f"/elsewhere/{name}") == Path(f"/elsewhere/{name}").as_uri()


def test_paths_are_stored_relative_inside_the_project_and_absolute_outside(tmp_path, monkeypatch):
    root = tmp_path / "project"
    root.mkdir()
    (tmp_path / "link").symlink_to(root)
    paths = ProjectPaths(tmp_path / "link")
    assert paths.stored(str(root / "x" / "a.png")) == "x/a.png"
    assert paths.stored(str(tmp_path / "link" / "a.png")) == "a.png"
    assert paths.stored(str(tmp_path / "a.png")) == str(tmp_path / "a.png")
    assert paths.stored(f"{root}/x/") == "x"
    monkeypatch.chdir(root)
    assert paths.stored("a.png") == "a.png"
    assert paths.stored("..") == str(tmp_path)
    assert paths.stored(".") == "."
    assert paths.stored("/") == "/"


@pytest.fixture
def rated(filled, context):
    """The same with ratings 5, 3, 3, 0 and none, widths and a trashed one."""
    with context.database.write() as connection:
        for key, rating in ((1, 5), (2, 3), (3, 3), (4, 0)):
            connection.execute(update(asset).where(asset.c.key == key).values(rating=rating, width=key // 2))
    return filled


SORTS = ["", "sort:created", "sort:-added", "sort:rating", "sort:-rating", "sort:-rating,created", "sort:path"]
SORTS += ["sort:-path", "sort:width,-height", "sort:-pixels,rating", "sort:size", "sort:-size,-rating,name"]


@pytest.mark.parametrize("common", [0, 10_000])
@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_every_order_are_together_the_whole(rated, monkeypatch, sort, common):
    monkeypatch.setattr(search_module, "COMMON", common)
    for query in (f"role:bg {sort}", sort):
        whole = [view.id for view in rated.search(query).assets]
        assert len(set(whole)) == 10
        pages, cursor = [], None
        while True:
            page = rated.search(query, limit=3, cursor=cursor)
            pages += [view.id for view in page.assets]
            cursor = page.cursor
            if cursor is None:
                break
        assert pages == whole


@pytest.mark.parametrize("common", [0, 10_000])
@pytest.mark.parametrize("sort", SORTS)
def test_all_ids_in_order_are_those_of_the_pages(rated, monkeypatch, sort, common):
    monkeypatch.setattr(search_module, "COMMON", common)
    monkeypatch.setattr(search_module, "IDS_AT_ONCE", 3)
    for query in (f"role:bg {sort}", sort, f"rating:>=3 {sort}", f"npc:* {sort}"):
        pieces = list(rated.ids_in_order(query))
        assert all(0 < len(piece) <= 3 for piece in pieces)
        assert [one for piece in pieces for one in piece] == [view.id for view in rated.search(query).assets]


def test_ids_of_the_trash_are_found_there_and_the_live_ones_without_it(filled):
    first, *others = [view.id for view in filled.search().assets]
    filled.trash(first)
    assert [one for piece in filled.ids_in_order() for one in piece] == others
    assert list(filled.ids_in_order("is:trashed")) == list(filled.ids_in_order(state="trashed")) == [[first]]


def test_a_faulty_query_has_no_ids(filled):
    with pytest.raises(InvalidInputError):
        list(filled.ids_in_order("rating:many"))


def test_views_of_some_ids_are_those_of_the_search_in_whatever_state(filled):
    views = {view.id: view for view in filled.search().assets}
    trashed = next(iter(views))
    filled.trash(trashed)
    found = filled.views([*views, trashed, "a" + "0" * 16])
    assert set(found) == set(views)
    assert {one: found[one] for one in views if one != trashed} == {one: views[one] for one in views if one != trashed}


def test_the_reversed_order_is_the_reversed_order(rated):
    for field in ("created", "added", "path", "size"):
        rising = [view.id for view in rated.search(f"sort:{field}").assets]
        assert [view.id for view in rated.search(f"sort:-{field}").assets] == rising[::-1]


@pytest.mark.parametrize("sort", ["", "sort:-rating", "sort:path"])
def test_a_cursor_that_was_altered_is_refused(rated, sort):
    cursor = rated.search(sort, limit=3).cursor
    content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    altered = [content.replace("0", "1", 1), content.replace("a", "b", 1), content.replace("[[", "[[null,", 1)]
    altered += [content[:-2], content.replace("0,", "1,", 1), "[" * 5000, "{}", "null", "[[],0,0,0]"]
    for text in set(altered) - {content}:
        with pytest.raises(InvalidInputError, match=r"not a cursor|another query"):
            rated.search(sort, limit=3, cursor=base64.urlsafe_b64encode(text.encode()).decode().rstrip("="))
    with pytest.raises(InvalidInputError, match="another query"):
        rated.search("sort:size", limit=3, cursor=cursor)


def test_a_query_may_lead_into_the_trash_or_to_what_is_missing(rated, root):
    ids = [view.id for view in rated.search().assets]
    rated.trash(ids[:3])
    (root / rated.get(ids[5]).asset.path).unlink()
    rated.repair()
    assert [view.id for view in rated.search("is:trashed").assets] == ids[:3]
    assert [view.id for view in rated.search("role:bg is:missing").assets] == [ids[5]]
    assert rated.count("is:trashed role:bg") == rated.count("(is:trashed sort:path) role:bg") == 3
    assert rated.count("-is:trashed") == rated.count("is:tagged") == rated.count("is:trashed or role:bg") == 6
    assert rated.count("is:trashed", state="missing") == 0
    first = rated.search("is:trashed", limit=1)
    assert rated.search("is:trashed", limit=1, cursor=first.cursor).assets[0].id == ids[1]


SLOW = " ".join(f'"{first}{second}"' for first in "qwertyui" for second in "asdfghjk")


@pytest.fixture
def large(filled, context):
    """Thousands of files more, with long paths."""
    with context.database.write() as connection:
        row = "INSERT INTO asset_path (path, asset_key, words, size, mtime_ns) VALUES (?, 1, ?, 1, 1)"
        words = "x" * 2000
        connection.exec_driver_sql(row, [(f"{number}/{words}", f"{number}/{words}") for number in range(20_000)])
    return filled


def test_a_search_that_takes_too_long_is_given_up_and_the_connection_stays_usable(large, context):
    query = " or ".join(SLOW.split())
    for ask in (large.search, large.count):
        with pytest.raises(DeadlineError) as caught:
            ask(query, deadline=0.01)
        assert caught.value.code == "deadline"
        assert '`"qa" or' in caught.value.message
        assert "0.01 s" in caught.value.message
        assert "narrow" in caught.value.hint
        assert exit_code_of(caught.value) == 1
    assert context.database._engine.pool.checkedout() == 0
    with context.database.read() as connection, pytest.raises(DeadlineError), deadline(connection, 0.01, "q"):
        connection.exec_driver_sql(ENDLESS).all()
    with context.database.read() as connection:
        assert connection.exec_driver_sql(LONG).scalar() == 100_000
    assert large.search(query, deadline=60).total == 0


LONG = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 100000) SELECT count(*) FROM n"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


def test_the_deadline_is_that_of_the_context_unless_another_is_given(large):
    brief = Gallery(replace(large.context, search_seconds=0.01))
    with pytest.raises(DeadlineError):
        brief.count(" or ".join(SLOW.split()))
    assert brief.count(" or ".join(SLOW.split()), deadline=60) == 0


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_deadline_is_a_positive_number(filled, seconds):
    with pytest.raises(InvalidInputError, match="positive number of seconds"):
        filled.search(deadline=seconds)


@pytest.mark.parametrize(
    "query", ["path:*a*b*c*d*e*f*g", "path:" + "?" * 500, '"' + "%_" * 500 + '"', 'prompt:"%%%%\\\\"']
)
def test_patterns_meant_to_be_slow_are_not(large, query):
    assert large.count(query, deadline=30) == 0


@pytest.mark.parametrize(
    ("query", "slips"),
    [
        ("npc:alex -role:bg", []),
        ("npc:alx", ["npc:alx is not in the ontology; did you mean npc:alex?"]),
        ("not (npc:alx or loc:*)", ["npc:alx is not in the ontology; did you mean npc:alex?"]),
        ("npc:zzzz", ["npc:zzzz is not in the ontology"]),
        ("mood:zzzz", []),
        (
            "name:alx",
            [
                (
                    "name: is neither a namespace (camera, loc, mood, npc, role) nor a field of queries"
                    "; did you mean npc:alex?"
                )
            ],
        ),
        ("dungen", ["dungen is not in the ontology; did you mean loc:dungeon?"]),
        ('zzzz "npc:alx"', []),
        ("rating:9 .size:3 @dungen =npc:alx", ["npc:alx is not in the ontology; did you mean npc:alex?"]),
    ],
)
def test_a_query_that_found_nothing_is_asked_for_slips(gallery, query, slips):

    assert list(gallery.query_slips(query)) == slips
