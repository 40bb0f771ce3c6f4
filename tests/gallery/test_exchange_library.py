"""A library goes out as JSON Lines and comes back: whole, undone as one, never half, never into the wrong asset."""

import io
import json

import pytest
from exchange_builders import NOTE, STAMP, fill, library_of, problems, told
from gallery_builders import make_picture, make_pictures, open_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gallery import Gallery
from gallery.exchange import importing, library, line_reading
from gallery.exchange.formats import ExportOptions, ImportOptions
from gallery.journal.editing import Edit
from ontology.errors import ConflictError, InvalidInputError, NotFoundError
from ontology.terms import Namespace, Ontology


@pytest.fixture
def other(tmp_path):
    """An empty gallery of another project."""
    folder = tmp_path / "other"
    folder.mkdir()
    with open_context(folder) as opened:
        yield Gallery(opened)


def take(gallery, data, **options):
    return gallery.import_from(io.BytesIO(data), "jsonl", ImportOptions(**options))


def lines_of(data):
    return [json.loads(line) for line in data.splitlines()]


def with_asset(data, number=0, **fields):
    """The library with some fields of one asset changed."""
    bodies = lines_of(data)
    bodies[1 + number] |= fields
    return b"".join(json.dumps(body).encode() + b"\n" for body in bodies)


def test_a_library_begins_with_its_format_and_ends_with_its_counts(gallery, root):
    ids = fill(gallery, root)
    bodies = lines_of(library_of(gallery))
    assert bodies[0] == {"type": "header", "format": "callsheet-library", "version": 1}
    assert bodies[-1] == {"type": "end", "assets": 5, "collections": 1, "searches": 1}
    assert [body["id"] for body in bodies if body["type"] == "asset"] == sorted(ids)
    assert next(body for body in bodies if body["type"] == "collection")["assets"] == [ids[2], ids[0], ids[4]]


def test_with_a_query_only_what_it_finds_goes_out(gallery, root):
    ids = fill(gallery, root)
    bodies = lines_of(library_of(gallery, query="npc:alex"))
    assert [body.get("id") for body in bodies[1:-1]] == sorted(ids[:2])
    assert bodies[-1] == {"type": "end", "assets": 2, "collections": 0, "searches": 0}


def test_into_an_empty_gallery_and_out_again_it_is_the_same_to_the_byte(gallery, root, other):
    fill(gallery, root)
    data = library_of(gallery)
    result = take(other, data)
    assert told(result) == [("added", None)] * 7
    assert result.is_complete
    assert library_of(other) == data


def test_a_tag_that_an_asset_has_and_that_is_not_to_be_suggested_again_stays_both(gallery, root, other):
    first = fill(gallery, root)[0]
    gallery.reject(first, "npc:alex")
    data = library_of(gallery)
    take(other, data)
    assert library_of(other) == data
    assert told(take(other, data)) == [("unchanged", None)] * 7


def test_what_comes_without_its_file_is_missing_and_adding_the_file_brings_it_back(gallery, root, other):
    ids = fill(gallery, root)
    take(other, library_of(gallery))
    assert other.count("") == 0
    assert other.count("", state="missing") == 4
    moved = make_pictures(other.context.root / "elsewhere", 5)
    assert [item.outcome for item in other.add(moved).results] == ["relinked"] * 4 + ["in_trash"]
    assert other.search("npc:alex loc:dungeon_entrance").assets[0].id == ids[1]


def test_files_that_lie_where_the_library_says_are_known_at_once(gallery, root, other):
    ids = fill(gallery, root)
    make_pictures(other.context.root / "assets", 3)
    take(other, library_of(gallery))
    assert {item.id for item in other.search().assets} == set(ids[:3])
    assert [item.outcome for item in other.add(other.context.root / "assets").results] == ["known"] * 3


def test_another_picture_at_the_place_of_one_is_not_taken_for_it(gallery, root, other):
    fill(gallery, root)
    make_picture(other.context.root / "assets" / "000.png", "blue", size=(9, 9))
    result = take(other, library_of(gallery))
    assert problems(result) == ["path_taken"]
    assert [item.outcome for item in other.add(other.context.root / "assets").results] == ["added"]
    assert other.search().assets[0].tags == ()


def test_one_undo_takes_back_the_whole_import(gallery, root, other, monkeypatch):
    monkeypatch.setattr(importing, "CHUNK_ENTRIES", 2)
    fill(gallery, root)
    result = take(other, library_of(gallery))
    assert len(result.batches) > 3
    other.undo()
    assert other.count("", state="missing") == 0
    assert b'"collection"' not in library_of(other)
    other.redo()
    assert other.count("", state="missing") == 4


def test_the_same_import_again_changes_nothing(gallery, root, other):
    fill(gallery, root)
    data = library_of(gallery)
    take(other, data)
    last = other.last_batch()
    again = take(other, data)
    assert told(again) == [("unchanged", None)] * 7
    assert (again.batches, other.last_batch()) == ((), last)


def test_a_dry_run_tells_the_same_and_makes_not_even_a_database(gallery, root, other):
    fill(gallery, root)
    data = library_of(gallery)
    tried = take(other, data, dry_run=True)
    assert not other.context.database.exists()
    assert [item.to_json() for item in take(other, data).results] == [item.to_json() for item in tried.results]


def test_what_is_known_gets_further_tags_and_empty_fields_filled_and_keeps_its_own(gallery, root, other):
    ids = fill(gallery, root)
    other.add(make_pictures(other.context.root / "pictures", 2))
    other.tag(ids[0], add=["npc:boss_01"])
    other.edit({ids[0]: Edit(rating=2)})
    result = take(other, library_of(gallery))
    found = other.get(ids[0])
    assert found.asset.tags == ("npc:boss_01", "npc:alex", "role:char:hero", "-minus", "(sketch)")
    assert found.asset.rating == 2
    assert problems(result) == ["conflict"]
    assert "rating is `2` here and `4` there" in next(p.message for item in result.results for p in item.problems)
    assert not result.is_complete
    assert lines_of(library_of(other))[1 + sorted(ids).index(ids[0])]["note"] == NOTE


def test_with_replace_the_file_wins(gallery, root, other):
    ids = fill(gallery, root)
    other.add(make_pictures(other.context.root / "pictures", 1))
    other.tag(ids[0], add=["npc:boss_01"])
    take(other, library_of(gallery), replace=True)
    assert other.get(ids[0]).asset.tags == ("npc:alex", "role:char:hero", "-minus", "(sketch)")
    assert other.get(ids[0]).asset.rating == 4


def test_an_asset_in_the_trash_stays_there_untouched(gallery, root, other):
    ids = fill(gallery, root)
    other.add(make_pictures(other.context.root / "pictures", 1))
    other.trash(ids[0])
    result = take(other, library_of(gallery))
    assert {item.id: item.outcome for item in result.results if item.id}[ids[0]] == "in_trash"
    assert other.get(ids[0]).asset.tags == ()


def test_relatives_follow_where_the_same_bytes_have_another_id_here(gallery, root, other):
    """The id comes from the first bytes seen: here the picture was another one once."""
    ids = fill(gallery, root)
    place = make_picture(other.context.root / "once.png", "white")
    own = other.add(place).results[0].id
    place.write_bytes((root / "assets" / "001.png").read_bytes())
    other.add(place)
    take(other, library_of(gallery))
    bodies = {body.get("id"): body for body in lines_of(library_of(other))}
    assert ids[1] not in bodies
    assert bodies[ids[0]]["parents"] == [own, "a" + "0" * 16]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: data[: data.rindex(b'{"type":"end"')], "truncated"),
        (lambda data: b"\n".join(data.split(b"\n")[:3] + data.split(b"\n")[4:]), "truncated"),
        (lambda data: data.replace(b'"version":1', b'"version":2', 1), "unknown_version"),
        (lambda data: data.decode().encode("utf-16"), "foreign_format"),
        (lambda data: b"\x89PNG\r\n\x1a\n" + data, "foreign_format"),
        (lambda data: b'[{"name": "foreign"}]', "foreign_format"),
        (lambda data: b"", "foreign_format"),
    ],
    ids=["cut off", "a line lost", "a newer version", "utf-16", "a picture", "other json", "empty"],
)
def test_what_is_no_whole_library_is_refused_before_anything_is_taken(gallery, root, other, change, code):
    fill(gallery, root)
    with pytest.raises(InvalidInputError) as caught:
        take(other, change(library_of(gallery)))
    assert caught.value.code == code
    assert not other.context.database.exists()


def test_a_library_that_was_cut_off_is_taken_as_far_as_it_goes_when_asked(gallery, root, other):
    fill(gallery, root)
    data = library_of(gallery)
    result = take(other, data[: len(data) // 2], incomplete=True)
    assert told(result)[-1] == ("failed", "invalid")
    assert ("added", None) in told(result)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"type":"asset","id":"../../etc"}', "invalid"),
        (b'{"type":"asset","sha256":"xyz"}', "invalid"),
        (b'{"type":"asset","rating":9}', "invalid"),
        (b'{"type":"asset","tags":["a\\u0000b"]}', "invalid"),
        (b'{"type":"asset","note":"\\ud800"}', "invalid"),
        (b'{"type":"asset","bytes":1e400}', "invalid"),
        (b'{"type":"asset","tags":' + b"[" * 5000 + b"}", "invalid"),
        (b'{"type":"asset","id":"a0000000000000001"}', "not_found"),
        (b'{"type":"dream"}', "unknown_line"),
        (b"no json at all", "unknown_line"),
        (b'{"type":"asset","note":"\xff"}', "not_utf8"),
        (b'{"type":"search","name":"x","query":"y","saved_at":"soon"}', "invalid"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_the_rest_goes_in(gallery, root, other, line, code):
    fill(gallery, root)
    first, *rest = library_of(gallery).splitlines(keepends=True)
    result = take(other, b"".join([first, line + b"\n", *rest]), incomplete=True)
    assert (result.results[0].path, result.results[0].error.code) == ("line 2", code)
    assert told(result)[1:] == [("added", None)] * 7


def test_a_line_without_end_is_passed_over_without_being_held(gallery, root, other, monkeypatch):
    monkeypatch.setattr(line_reading, "MAX_LINE", 5000)
    monkeypatch.setattr(library, "MAX_LINE", 5000)
    fill(gallery, root)
    first, *rest = library_of(gallery).splitlines(keepends=True)
    result = take(other, b"".join([first, b'{"type":"asset","note":"' + b"x" * 50_000 + b'"}\n', *rest]))
    assert told(result) == [("failed", "too_long")] + [("added", None)] * 7


@pytest.mark.parametrize("path", ["../outside.png", "a/../../b.png", "a//b.png", "./a.png", "/etc/../x.png", "a/"])
def test_a_path_that_leads_astray_is_left_out_and_told(gallery, root, other, path):
    ids = fill(gallery, root)
    number = sorted(ids).index(ids[0])
    result = take(other, with_asset(library_of(gallery), number, path=path, paths=[path]))
    assert problems(result) == ["path"]
    assert other.get(ids[0]).paths == ()


def test_what_the_vocabulary_does_not_know_is_told_and_the_other_tags_are_kept(gallery, root, other):
    ids = fill(gallery, root)
    number = sorted(ids).index(ids[2])
    data = with_asset(library_of(gallery), number, tags=["npc:nobody", "view:pov_1", "mood:dark", "cam:pov"])
    result = take(other, data)
    assert problems(result) == ["unknown_term", "undeclared_namespace"]
    assert other.get(ids[2]).asset.tags == ("mood:dark", "camera:view:pov")
    assert result.undeclared == ("npc:nobody",)


def test_what_no_field_can_hold_is_told(gallery, root, other):
    fill(gallery, root)
    result = take(other, with_asset(library_of(gallery), 0, mood="blue"))
    assert problems(result) == ["unknown_field"]


def test_the_second_line_about_an_asset_is_told_and_not_taken(gallery, root, other):
    ids = fill(gallery, root)
    bodies = library_of(gallery).splitlines(keepends=True)
    data = b"".join([bodies[0], bodies[1].replace(b'"rating":null', b'"rating":1'), *bodies[1:]])
    for dry_run in (True, False):
        result = take(other, data, incomplete=True, dry_run=dry_run)
        assert told(result)[:2] == [("added", None), ("failed", "repeated")]
    assert len(ids) == other.count("", state="missing") + other.count("", state="trashed")


def test_whoever_would_descend_from_itself_gets_no_parents_and_the_rest_goes_in(gallery, root, other):
    ids = [item.id for item in gallery.add(make_pictures(root / "p", 3)).results]
    data = library_of(gallery)
    order = [body["id"] for body in lines_of(data)[1:4]]
    ring = {order[0]: [order[1]], order[1]: [order[2]], order[2]: [order[0]]}
    for number, name in enumerate(order):
        data = with_asset(data, number, parents=ring[name], tags=["role:bg"])
    for dry_run in (True, False):
        taken = take(other, data, dry_run=dry_run)
        problems = {item.id: [problem.code for problem in item.problems] for item in taken.results if item.id in ids}
        assert problems == {order[0]: [], order[1]: [], order[2]: ["circle"]}
        assert [item.outcome for item in taken.results if item.id in ids] == ["added"] * 3
    assert [other.get(name).parents for name in order] == [(order[1],), (order[2],), ()]
    assert other.search("role:bg", state="missing").total == 3


@pytest.mark.parametrize("size", [1, 1000])
def test_what_the_gallery_has_counts_when_a_circle_is_looked_for(gallery, root, other, monkeypatch, size):
    monkeypatch.setattr(importing, "CHUNK_ENTRIES", size)
    gallery.add(make_pictures(root / "p", 2))
    plain = library_of(gallery)
    one, two = (body["id"] for body in lines_of(plain)[1:3])
    take(other, with_asset(plain, 1, parents=[one]))
    taken = take(other, with_asset(plain, 0, parents=[two]))
    assert [problem.code for item in taken.results for problem in item.problems] == ["circle"]
    assert (other.get(one).parents, other.get(two).parents) == ((), (one,))
    itself = take(other, with_asset(plain, 0, parents=[one]))
    assert [problem.code for item in itself.results for problem in item.problems] == ["circle"]


def test_keys_and_passwords_in_a_foreign_library_are_hidden_and_told(gallery, root, other):
    gallery.add(make_pictures(root / "p", 2))
    graph = json.dumps({"4": {"inputs": {"api_key": "abcdef-1234567890", "text": "a castle"}}})
    making = {"tool": "ComfyUI", "prompt": "a castle abcdef-1234567890", "raw": {"prompt": graph}}
    taken = take(other, with_asset(library_of(gallery), 0, generation=making))
    assert [problem.code for item in taken.results for problem in item.problems] == ["secret"]
    assert [item.outcome for item in taken.results] == ["added", "added"]
    stored = library_of(other).decode()
    assert "abcdef-1234567890" not in stored
    assert "a castle [hidden]" in stored


def test_members_that_are_not_there_are_told(gallery, root, other):
    fill(gallery, root)
    data = b"".join(line for line in library_of(gallery).splitlines(keepends=True) if b'"type":"asset"' not in line)
    result = take(other, data, incomplete=True)
    assert [(item.path, item.outcome) for item in result.results] == [
        ("collection refs", "added"),
        ("search heroes", "added"),
    ]
    assert problems(result) == ["not_found"]


def test_a_collection_that_is_there_keeps_its_order_and_gets_the_others_behind(gallery, root, other):
    ids = fill(gallery, root)
    data = library_of(gallery)
    take(other, data)
    bodies = lines_of(data)
    group = next(body for body in bodies if body["type"] == "collection")
    group["assets"] = [ids[1], ids[0], ids[3]]
    take(other, b"".join(json.dumps(body).encode() + b"\n" for body in bodies))
    there = next(body for body in lines_of(library_of(other)) if body["type"] == "collection")
    assert there["assets"] == [ids[2], ids[0], ids[4], ids[1], ids[3]]


def test_a_long_collection_is_written_in_parts_and_read_as_one(gallery, root, other, monkeypatch):
    monkeypatch.setattr(library, "_MEMBERS_AT_ONCE", 2)
    fill(gallery, root)
    data = library_of(gallery)
    assert data.count(b'"type":"collection"') == 2
    assert take(other, data).is_complete
    assert library_of(other) == data


def test_a_search_of_the_same_name_is_kept_and_the_contradiction_told(gallery, root, other):
    fill(gallery, root)
    data = library_of(gallery)
    take(other, data)
    changed = data.replace(b'"query":"role:char:hero"', b'"query":"npc:alex"')
    assert problems(take(other, changed)) == ["conflict"]
    assert library_of(other) == data
    take(other, changed, replace=True)
    assert library_of(other) == changed


def test_a_search_that_cannot_be_read_or_leads_in_a_circle_is_told(gallery, root, other):
    fill(gallery, root)
    lines = library_of(gallery).splitlines(keepends=True)
    bad = {"Bad Name": "role:bg", "broken": "(npc:alex", "one": "@two", "two": "@one"}
    more = [{"type": "search", "name": name, "query": query, "saved_at": STAMP} for name, query in bad.items()]
    result = take(
        other, b"".join([*lines[:-1], *(json.dumps(body).encode() + b"\n" for body in more)]), incomplete=True
    )
    assert [item.outcome for item in result.results[-5:]] == ["added"] + ["failed"] * 4
    assert [search.name for search in other.searches()] == ["heroes"]


def test_a_file_that_is_there_is_not_written_over_unless_it_is_wanted(gallery, root):
    fill(gallery, root)
    target = root / "game.jsonl"
    target.write_text("mine")
    for dry_run in (True, False):
        with pytest.raises(ConflictError):
            gallery.export(target, options=ExportOptions(dry_run=dry_run))
    assert target.read_text() == "mine"
    gallery.export(target, options=ExportOptions(force=True))
    assert target.read_bytes() == library_of(gallery)


def test_a_query_that_fails_and_a_folder_that_is_not_there_leave_nothing_behind(gallery, root):
    fill(gallery, root)
    before = sorted(root.iterdir())
    with pytest.raises(InvalidInputError):
        gallery.export(root / "game.jsonl", options=ExportOptions(query="(npc:alex"))
    with pytest.raises(NotFoundError):
        gallery.export(root / "no" / "game.jsonl")
    with pytest.raises(NotFoundError):
        gallery.import_from(root / "game.jsonl")
    assert sorted(root.iterdir()) == before


_words = st.sampled_from(["sketch", "npc:alex", "npc:boss_01", "loc:park", "mood:calm", "player", "-x", "ß", "(a)"])
_ids = st.integers(0, 5).map(lambda n: f"a{n:016x}")
_texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_moments = st.datetimes().map(lambda moment: moment.isoformat() + "Z")
_checks = st.fixed_dictionaries({"code": _texts, "passed": st.booleans(), "detail": _texts})
_making = st.fixed_dictionaries(
    {
        **dict.fromkeys(("tool", "source", "reason"), _texts),
        "certainty": st.floats(0, 1),
        **dict.fromkeys(("prompt", "negative_prompt", "model", "sampler"), st.none() | _texts),
        "seed": st.none() | st.integers(-(10**30), 10**30).map(str),
        **dict.fromkeys(("steps", "width", "height"), st.none() | st.integers(0, 2**31 - 1)),
        "cfg": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "loras": st.lists(st.fixed_dictionaries({"name": _texts, "weight": st.none() | st.floats(-9, 9)}), max_size=2),
        "raw": st.dictionaries(_texts, _texts, max_size=2),
        **dict.fromkeys(("provider", "revised_prompt", "spec_id", "job"), st.none() | _texts),
        "cost": st.none() | st.sampled_from(["0.00", "0.0336", "12.50"]),
        "stand_in": st.booleans(),
        "scores": st.none() | st.dictionaries(_texts, st.floats(0, 1), max_size=2),
        "checks": st.none() | st.lists(_checks, max_size=2),
    }
)
_assets = st.fixed_dictionaries(
    {
        "paths": st.lists(st.sampled_from(["é", "a b", "x;y", "\\", "=1"]), max_size=2, unique=True),
        "width": st.none() | st.integers(1, 99),
        "dhash": st.none() | st.integers(0, 2**64 - 1).map("{:016x}".format),
        "created_at": _moments,
        "added_at": _moments,
        "edited_at": st.none() | _moments,
        "trashed_at": st.none() | _moments,
        "tags": st.lists(_words, unique=True),
        "rating": st.none() | st.integers(0, 5),
        "note": st.none() | _texts,
        "parents": st.lists(_ids, unique=True, max_size=3),
        "operation": st.none() | st.just("fusion"),
        "generation": st.none() | _making,
    }
)


def _without_circles(assets):
    """Each descends from later ones alone: nobody can be made from itself."""
    later = lambda name, number: int(name[1:], 16) > number  # noqa: E731
    return [
        asset | {"parents": [name for name in asset["parents"] if later(name, number)]}
        for number, asset in enumerate(assets)
    ]


def _library(assets, members):
    bodies = [{"type": "header", "format": "callsheet-library", "version": 1}]
    for number, fields in enumerate(assets):
        known = {
            "id": f"a{number:016x}",
            "sha256": f"{number:064x}",
            "media_type": "image",
            "format": "png",
            "bytes": 9,
        }
        paths = [f"{number}/{name}.png" for name in fields["paths"]]
        bodies.append({"type": "asset", **known, **fields, "paths": paths, "path": next(iter(paths), None)})
    held = [name for name in members if int(name[1:], 16) < len(assets)]
    bodies.append(
        {"type": "collection", "name": "c", "label": "C", "created_at": "2026-01-01T00:00:00Z", "assets": held}
    )
    bodies.append({"type": "end", "assets": len(assets), "collections": 1, "searches": 0})
    return "".join(json.dumps(body) + "\n" for body in bodies).encode()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(assets=st.lists(_assets, max_size=4).map(_without_circles), members=st.lists(_ids, unique=True))
def test_whatever_a_gallery_holds_goes_round_without_a_loss(tmp_path_factory, assets, members):
    """In, out, into a third gallery, and out again: the same to the byte."""
    data = _library(assets, members)
    exported = []
    for _ in range(2):
        with open_context(tmp_path_factory.mktemp("round")) as opened:
            taken = take(Gallery(opened), data)
            assert taken.is_complete
            data = library_of(Gallery(opened))
            exported.append(data)
    assert exported[0] == exported[1]
    for given_fields, body in zip(assets, lines_of(exported[0])[1:], strict=False):
        for name in ("tags", "rating", "note", "parents", "operation", "generation", "dhash", "width"):
            assert body[name] == given_fields[name]


def test_under_a_smaller_vocabulary_nothing_but_the_unknown_tags_is_lost(gallery, root, tmp_path):
    fill(gallery, root)
    folder = tmp_path / "poor"
    folder.mkdir()
    poor = Ontology(namespaces=[Namespace("npc", "Characters", closed=True)])
    with open_context(folder, ontology=poor) as opened:
        result = take(Gallery(opened), library_of(gallery))
        assert set(problems(result)) == {"unknown_term", "undeclared_namespace"}
        assert [item.outcome for item in result.results] == ["added"] * 7
        bodies = lines_of(library_of(Gallery(opened)))
    assert {tag for body in bodies for tag in body.get("tags", ())} == {"-minus", "(sketch)"}
