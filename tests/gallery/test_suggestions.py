"""Suggestions: where they come from, what is never suggested, and what accepting and rejecting does."""

from dataclasses import replace
from pathlib import Path

import pytest
from embedded_builders import png
from gallery_builders import SMALL_ONTOLOGY, make_picture, make_pictures, open_context
from likeness_pictures import blotches, brighter, save
from sounds import sound, tone
from sqlalchemy import event, select

from gallery import Gallery
from gallery.index.live_index import LiveIndex
from gallery.index.plain_reading import PlainReader
from gallery.store.tables import asset
from gallery.suggestions import folders
from gallery.suggestions.paths import parts_of
from gallery.suggestions.suggesting import LEAST
from ontology.errors import InvalidInputError, TagError
from ontology.terms import Ontology, Term

TERMS = {
    "npc:alex": {"keywords": ("red scarf",)},
    "loc:dungeon_entrance": {"keywords": ("gate",)},
    "camera:view:pov": {"keywords": ("first person",)},
}
MORE = [
    Term("camera:framing:full", "Full shot", aliases=("cam:full",)),
    Term("camera:framing:closeup", "Close-up"),
    Term("npc:gone", "Gone", deprecated=True),
    Term("npc:mira", "Mira"),
    Term("role:char:npc", "Supporting character picture"),
    Term("mood:calm", "Calm"),
    Term("mood:tense", "Tense"),
]
VOCABULARY = Ontology(
    [*(replace(term, **TERMS.get(term.id, {})) for term in SMALL_ONTOLOGY.terms.values()), *MORE],
    SMALL_ONTOLOGY.namespaces.values(),
)


@pytest.fixture
def context(root):
    with open_context(root, ontology=VOCABULARY) as opened:
        yield opened


@pytest.fixture
def add(gallery, root):
    """Add a picture under this name, no two alike; its id."""
    count = iter(range(1, 1000))

    def add_picture(name, *, tags=(), prompt=None):
        number = next(count)
        colour = (number % 256, number // 256, 9)
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if prompt is None:
            make_picture(path, colour)
        else:
            path.write_bytes(png({"parameters": prompt}, colour=colour))
        (item,) = gallery.add([path], tags=tags).results
        assert item.id is not None, item.error
        return item.id

    return add_picture


@pytest.fixture
def suggested(gallery):
    """Tag → its suggestion, for one asset."""

    def of(asset_id, **options):
        (found,) = gallery.suggest(asset_id, **options).assets
        assert found.error is None
        return {one.tag: one for one in found.suggestions}

    return of


NAMES = [
    # name of the file                    a tag that is suggested
    ("alex.png", "npc:alex"),
    ("alex_full.png", "npc:alex"),
    ("alex-02.png", "npc:alex"),
    ("AlexFullBody02.png", "npc:alex"),
    ("ALEXANDER.png", "npc:alex"),
    ("old_name.png", "npc:alex"),
    ("boss_01.png", "npc:boss_01"),
    ("boss01.png", "npc:boss_01"),
    ("Boss 01 (3).png", "npc:boss_01"),
    ("gravelords.png", "npc:boss_01"),
    ("gravelord.final.v2.png", "npc:boss_01"),
    ("dungeonEntrance.png", "loc:dungeon_entrance"),
    ("the_dungeon_entrance.png", "loc:dungeon_entrance"),
    ("gate-by-night.png", "loc:dungeon_entrance"),
    ("shot_full.png", "camera:framing:full"),
    ("bg_night.png", "role:bg"),
    ("npc:alex.png", "npc:alex"),
    ("gravelrod_3.png", "npc:boss_01"),
    ("dungeonn entrance.png", "loc:dungeon_entrance"),
    ("park/0001.png", "loc:park"),
    ("backgrounds/0001.png", "role:bg"),
    ("heads/alex/raw/0001.png", "npc:alex"),
]


@pytest.mark.parametrize(("name", "tag"), NAMES)
def test_names_of_files_and_folders_name_terms(add, suggested, name, tag):
    found = suggested(add(name))[tag]
    assert [one.source for one in found.sources] == ["path"]


NOT_NAMED = [
    ("alexandria.png", "npc:alex"),  # no whole word
    ("dungeon_entrance.png", "loc:dungeon"),  # the longest phrase wins
    ("npc_1.png", "role:char:npc"),  # the name of a namespace
    ("gone.png", "npc:gone"),  # deprecated
    ("a/alex/b/c/d/0001.png", "npc:alex"),  # too far up
    ("gate5.png", "npc:boss_01"),
    ("mirra.png", "npc:mira"),  # too short for a typing mistake
    ("hark.png", "loc:park"),
]


@pytest.mark.parametrize(("name", "tag"), NOT_NAMED)
def test_what_names_do_not_say_is_not_suggested(add, suggested, name, tag):
    assert tag not in suggested(add(name))


@pytest.mark.parametrize("homes", ["home", "Users"])
def test_a_persons_home_folder_says_who_works_here_and_no_more(homes):
    assert parts_of(f"/{homes}/alex/x.png") == ["x.png"]
    assert parts_of(f"/{homes}/alex/park/x.png") == ["park", "x.png"]
    assert parts_of(f"{homes}/alex/x.png") == [homes, "alex", "x.png"]
    assert parts_of(f"/{homes}") == [homes]


def test_a_name_proves_more_than_a_keyword_and_a_folder_less_than_the_file(add, suggested):
    file, folder = suggested(add("gravelord.png")), suggested(add("gravelord/1.png"))
    keyword, slip = suggested(add("gate.png")), suggested(add("gravelrod.png"))
    surest = file["npc:boss_01"].confidence
    assert surest > folder["npc:boss_01"].confidence > slip["npc:boss_01"].confidence
    assert surest >= 0.9 > keyword["loc:dungeon_entrance"].confidence > slip["npc:boss_01"].confidence


def test_the_prompt_names_terms_and_the_negative_prompt_does_not(add, suggested):
    found = suggested(add("1.png", prompt="Alex with a red scarf at the gate\nNegative prompt: gravelord\nSteps: 20"))
    assert [one.source for one in found["npc:alex"].sources] == ["prompt"]
    assert "loc:dungeon_entrance" in found
    assert "npc:boss_01" not in found


@pytest.mark.parametrize("prompt", ["a dungeon without Alex", "no Alex, a dungeon", "never an Alex in the dungeon"])
def test_what_a_prompt_excludes_is_not_suggested(add, suggested, prompt):
    found = suggested(add("1.png", prompt=f"{prompt}\nSteps: 20"))
    assert "loc:dungeon" in found
    assert "npc:alex" not in found


def test_a_lone_word_of_prose_is_no_camera_and_no_role(add, suggested):
    assert suggested(add("1.png", prompt="the hero, full of joy, in the background\nSteps: 20")) == {}


def test_two_sources_confirm_each_other(add, suggested):
    both = suggested(add("gravelord.png", prompt="Gravelord\nSteps: 20"))["npc:boss_01"]
    assert [one.source for one in both.sources] == ["path", "prompt"]
    assert both.confidence > max(one.confidence for one in both.sources)
    assert both.confidence < 1


def test_tags_that_usually_stand_together_are_suggested_with_their_count(add, suggested):
    for number in range(6):
        add(f"{number}.png", tags=["role:char:hero", "mood:calm"])
    found = suggested(add("x.png", tags=["mood:calm"]), sources="together")
    assert list(found) == ["role:char:hero"]
    assert found["role:char:hero"].sources[0].reason == "6 of 7 assets with mood:calm carry it"


def test_two_pictures_are_no_habit(add, suggested):
    for number in range(2):
        add(f"{number}.png", tags=["role:char:hero", "mood:calm"])
    assert suggested(add("x.png", tags=["mood:calm"]), sources="together") == {}


def test_what_never_stands_with_another_tag_of_the_asset_counts_less(add, suggested):
    for number in range(6):
        add(f"a{number}.png", tags=["role:char:hero", "mood:calm"])
        add(f"b{number}.png", tags=["loc:park"])
    x, y = add("x.png", tags=["mood:calm"]), add("y.png", tags=["mood:calm", "loc:park"])
    plain, apart = (suggested(item, sources="together")["role:char:hero"] for item in (x, y))
    assert apart.confidence == pytest.approx(plain.confidence / 2)


def test_pictures_that_look_the_same_lend_their_tags(gallery, root, suggested):
    save(blotches(1), root / "1.png")
    save(brighter(blotches(1)), root / "2.png")
    save(blotches(2), root / "3.png")
    ids = {Path(item.path).stem: item.id for item in gallery.add([root]).results if item.id}
    gallery.tag(ids["1"], add=["npc:alex"])
    gallery.tag(ids["2"], add=["mood:tense"])
    gallery.tag(ids["3"], add=["mood:calm"])
    found = suggested(ids["2"], sources="similar")
    assert list(found) == ["npc:alex"]
    assert ids["1"] in found["npc:alex"].sources[0].reason
    assert found["npc:alex"].confidence > 0.7


def test_the_share_of_the_folder_is_that_of_its_other_tagged_pictures(add, suggested):
    for number in range(4):
        add(f"shoot/{number}.png", tags=["loc:park"] if number else ["mood:calm"])
    add("shoot/untagged.png")
    add("shoot/deeper/1.png", tags=["mood:tense"])
    add("elsewhere/1.png", tags=["mood:tense"])
    found = suggested(add("shoot/x.png"), sources="folder")
    assert list(found) == ["loc:park"]
    assert found["loc:park"].sources[0].reason == "3 of the 4 other tagged assets in the folder shoot/ carry it"


def test_a_folder_of_two_is_no_company(add, suggested):
    add("shoot/1.png", tags=["loc:park"])
    assert suggested(add("shoot/x.png"), sources="folder") == {}


def test_trashed_pictures_are_no_company(add, suggested, gallery):
    gone = [add(f"shoot/{number}.png", tags=["loc:park"]) for number in range(4)]
    for number in range(3):
        add(f"shoot/stays{number}.png", tags=["mood:calm"])
    asked = add("shoot/x.png")
    assert list(suggested(asked, sources="folder")) == ["loc:park"]
    gallery.trash(gone)
    assert list(suggested(asked, sources="folder")) == ["mood:calm"]


def test_of_a_very_large_folder_some_pictures_are_looked_at(add, suggested, monkeypatch):
    monkeypatch.setattr(folders, "LARGEST", 10)
    for number in range(30):
        add(f"shoot/{number:02}.png", tags=["loc:park"] if number < 15 else ["mood:calm"])
    found = suggested(add("shoot/x.png"), sources="folder")
    assert list(found) == ["mood:calm"]


NEVER = [
    # name                       tags of the asset            what is not suggested
    ("alex.png", ["npc:alex"], "npc:alex"),
    ("alexander.png", ["npc:alex"], "npc:alex"),
    ("dungeon.png", ["loc:dungeon_entrance"], "loc:dungeon"),  # implied
]


@pytest.mark.parametrize(("name", "tags", "never"), NEVER)
def test_what_an_asset_has_or_implies_is_not_suggested(add, suggested, name, tags, never):
    assert never not in suggested(add(name, tags=tags))


def test_a_narrower_place_may_refine_a_wider_one(add, suggested):
    found = suggested(add("gate.png", tags=["loc:dungeon"]))
    assert found["loc:dungeon_entrance"].confidence == suggested(add("b/gate.png"))["loc:dungeon_entrance"].confidence


def test_of_a_narrower_and_a_wider_tag_the_narrower_is_suggested(add, suggested):
    assert list(suggested(add("dungeon/gate.png"))) == ["loc:dungeon_entrance"]


def test_a_second_role_counts_less_and_a_second_character_of_the_name_does_not(add, suggested):
    alone, beside = (
        suggested(add("bg_alex.png")),
        suggested(add("bg_alex2.png", tags=["role:char:hero", "npc:boss_01"])),
    )
    assert beside["role:bg"].confidence < alone["role:bg"].confidence
    assert beside["npc:alex"].confidence == alone["npc:alex"].confidence


def test_no_other_picture_proves_a_second_framing(add, suggested):
    for number in range(6):
        add(f"shoot/{number}.png", tags=["camera:framing:full", "mood:calm"])
    assert "camera:framing:full" in suggested(add("shoot/x.png", tags=["mood:calm"]))
    assert "camera:framing:full" not in suggested(add("shoot/y.png", tags=["mood:calm", "camera:framing:closeup"]))


def test_a_stored_tag_that_could_not_be_given_now_is_not_passed_on(root):
    wide = Ontology([*VOCABULARY.terms.values(), Term("prop:old", "Old")], [*VOCABULARY.namespaces.values()])
    with open_context(root, ontology=wide) as opened:
        ids = [item.id for item in Gallery(opened).add(make_pictures(root, 6)).results]
        Gallery(opened).tag(ids[1:], add=["prop:old"])
        assert Gallery(opened).suggest(ids[0]).assets[0].suggestions != ()
    with open_context(root, ontology=VOCABULARY) as opened:
        assert Gallery(opened).suggest(ids[0]).assets[0].suggestions == ()


def test_what_a_rule_of_the_vocabulary_forbids_is_not_suggested(root):
    single = [replace(space, single=space.name == "loc") for space in VOCABULARY.namespaces.values()]
    with open_context(root, ontology=Ontology(VOCABULARY.terms.values(), single)) as opened:
        gallery = Gallery(opened)
        (item,) = gallery.add([make_picture(root / "park.png")]).results
        assert [one.tag for one in gallery.suggest(item.id).assets[0].suggestions] == ["loc:park"]
        gallery.tag(item.id, add=["loc:dungeon"])
        assert gallery.suggest(item.id).assets[0].suggestions == ()


def test_the_best_come_first_and_the_limit_keeps_them(add, suggested, gallery):
    asked = add("alex_gate_full.png")
    every = gallery.suggest(asked, limit=None).assets[0].suggestions
    assert [one.confidence for one in every] == sorted((one.confidence for one in every), reverse=True)
    assert len(every) > 2
    assert list(suggested(asked, limit=2)) == [one.tag for one in every[:2]]
    assert all(LEAST <= one.confidence < 1 for one in every)


def test_assets_are_answered_once_in_the_order_asked_and_an_unknown_one_fails_alone(add, gallery):
    one, two = add("alex.png"), add("x.png")
    found = gallery.suggest([two, one, two[:-1], "a" + "0" * 16]).assets
    assert [(item.id, item.result.outcome) for item in found] == [
        (two, "nothing"),
        (one, "suggested"),
        ("a" + "0" * 16, "failed"),
    ]
    assert found[2].error.code == "not_found"


@pytest.mark.parametrize(
    "options", [{"sources": ["nose"]}, {"limit": 0}, {"limit": 257}, {"limit": "3"}, {"sources": 3}]
)
def test_a_bad_option_is_refused(gallery, options):
    with pytest.raises(InvalidInputError):
        gallery.suggest("a1", **options)


def test_the_json_is_what_http_will_serve(add, gallery):
    asked = add("alex.png")
    assert gallery.suggest(asked).to_json() == {
        "suggestions": [
            {
                "id": asked,
                "tag": "npc:alex",
                "confidence": 0.92,
                "sources": [
                    {
                        "source": "path",
                        "confidence": 0.92,
                        "reason": "the file name “alex” holds “alex”, a name of Alex",
                    }
                ],
            }
        ],
        "results": [{"id": asked, "outcome": "suggested", "error": None}],
    }


def tags_of(gallery, asset_id):
    return list(gallery.get(asset_id).asset.tags)


def test_accepting_writes_one_batch_of_its_own_origin_that_undo_takes_back(add, gallery):
    ids = [add("alex.png"), add("gravelord.png"), add("x.png")]
    done = gallery.accept(ids, ["npc:alexander", "npc:boss_01"])
    assert [item.outcome for item in done.result.results] == ["changed", "changed", "nothing"]
    assert [tags_of(gallery, item) for item in ids] == [["npc:alex"], ["npc:boss_01"], []]
    batch = gallery.history()[0]
    assert (batch.seq, batch.origin, batch.size) == (done.result.batch, "suggestion", 2)
    gallery.undo()
    assert [tags_of(gallery, item) for item in ids] == [[], [], []]


def test_only_what_is_suggested_can_be_accepted(add, gallery):
    asked = add("alex.png")
    assert gallery.accept(asked, "npc:boss_01").to_json() == {
        "suggestions": [],
        "results": [{"id": asked, "outcome": "nothing", "error": None}],
        "batch": None,
    }
    assert tags_of(gallery, asked) == []
    with pytest.raises(TagError):
        gallery.accept(asked, "npc:nobody")


def test_a_dry_run_shows_exactly_what_accepting_would_write(add, gallery):
    ids = [add("alex_full_shot.png"), add("gravelord_gate.png"), add("x.png")]
    before = gallery.last_batch()
    shown = gallery.accept_above(ids, 0.9, dry_run=True)
    assert gallery.last_batch() == before
    done = gallery.accept_above(ids, 0.9)
    assert shown.suggestions == done.suggestions != ()
    for asset_id in ids:
        assert tags_of(gallery, asset_id) == [one.tag for one in shown.suggestions if one.id == asset_id]
    assert all(one.confidence >= 0.9 for one in done.suggestions)


def test_of_tags_that_contradict_each_other_the_surest_alone_is_taken(add, gallery):
    asked = add("full_shot_close-up.png")
    first, second = (one.tag for one in gallery.suggest(asked).assets[0].suggestions)
    assert {first, second} == {"camera:framing:full", "camera:framing:closeup"}
    gallery.accept_above(asked, 0.6)
    assert tags_of(gallery, asked) == [first]


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan"), "0.9", None, True])
def test_a_confidence_is_a_number_from_0_to_1(add, gallery, confidence):
    with pytest.raises(InvalidInputError):
        gallery.accept_above(add("alex.png"), confidence)


def test_a_rejected_tag_stays_away_from_every_source_until_it_is_allowed_again(add, gallery, suggested):
    asked, other = add("alex.png"), add("b/alex.png")
    assert gallery.reject(asked, "npc:alexander").results[0].outcome == "rejected"
    assert gallery.reject(asked, "npc:alex").results[0].outcome == "unchanged"
    assert suggested(asked) == {}
    assert "npc:alex" in suggested(other)
    assert gallery.accept(asked, "npc:alex").result.results[0].outcome == "nothing"
    assert gallery.unreject(asked, "npc:old_name").results[0].outcome == "allowed"
    assert "npc:alex" in suggested(asked)


def test_a_rejection_is_taken_back_by_undo_and_tried_by_a_dry_run(add, gallery, suggested):
    ids = [add("alex.png"), add("b/alex.png")]
    gallery.reject(ids, "npc:alex", dry_run=True)
    assert "npc:alex" in suggested(ids[0])
    result = gallery.reject([*ids, "a" + "0" * 16], "npc:alex")
    assert [item.outcome for item in result.results] == ["rejected", "rejected", "failed"]
    assert [suggested(item) for item in ids] == [{}, {}]
    gallery.undo()
    assert all("npc:alex" in suggested(item) for item in ids)


def test_what_cannot_be_a_tag_cannot_be_rejected(add, gallery):
    with pytest.raises(TagError):
        gallery.reject(add("alex.png"), "view:pov")


HOSTILE = [
    "\x1b[31malex\x07.png",
    "a" * 200 + ".png",
    "\u202egnp.xela.png",
    "💀_alex_💀.png",
    "....png",
    "'; drop table.png",
    "%_%alex.png",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_wild_names_do_no_harm_and_reasons_show_them_escaped(add, gallery, name):
    (found,) = gallery.suggest(add(name)).assets
    for one in found.suggestions:
        assert all(said.reason.isprintable() for said in one.sources)
        assert len(one.sources[0].reason) < 300


def test_the_index_of_the_resolver_gives_the_same_answers_as_reading_the_assets(root, context, add):
    for number in range(8):
        add(f"{number}.png", tags=["role:char:hero", "mood:calm", *(["npc:alex"] if number % 2 else [])])
    asked = add("x.png", tags=["mood:calm"])
    reader = PlainReader(context.database.path, context.database.backups, root, context.database.schema)
    live = LiveIndex(reader, context.data_dir / "cache")
    expected = Gallery(context).suggest(asked)
    assert expected.assets[0].suggestions != ()
    assert Gallery(replace(context, live_index=live)).suggest(asked) == expected
    live.close()


@pytest.mark.parametrize(
    "rows", [folders._rows().where(folders._FOLDER.in_(["shoot/"])), folders._count_of(["shoot/"])]
)
def test_a_folder_is_answered_from_its_index(context, add, rows):
    add("shoot/1.png")
    with context.database.read() as connection:
        compiled = rows.compile(connection, compile_kwargs={"literal_binds": True})
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").fetchall())
    assert "INDEX ix_asset_folder (<expr>=?)" in plan


def test_the_database_cuts_folders_as_we_do(context, add):
    for name in ("1.png", "a/1.png", "a/b c/1.png", "a/b.c/äö.png", "a.png/1.png"):
        add(name)
    with context.database.read() as connection:
        cut = connection.execute(select(asset.c.path, folders._FOLDER)).all()
    assert [folder for _, folder in cut] == [folders.folder_of(path) for path, _ in cut] != []


def statements_of(context, work):
    """How many statements the work needs."""
    found = []

    def note(*args):
        found.append(args[2])

    event.listen(context.database._engine, "before_cursor_execute", note)
    work()
    event.remove(context.database._engine, "before_cursor_execute", note)
    return len(found)


def test_many_assets_of_many_folders_need_no_more_statements_than_few(gallery, context, root):
    paths = [make_picture(root / f"f{n % 40}" / f"alex_{n}.png", (n % 256, n // 256, 5)) for n in range(240)]
    ids = [item.id for item in gallery.add(paths, tags=["mood:calm"]).results]
    gallery.suggest(ids[:40])
    few = statements_of(context, lambda: gallery.suggest(ids[:40]))
    many = statements_of(context, lambda: gallery.suggest(ids))
    assert many <= few + 4
    assert statements_of(context, lambda: gallery.accept_above(ids, 0.9)) <= many + 12


def test_a_camera_is_never_suggested_for_a_sound(gallery, root, add, suggested):
    """What its path and prompt say, and what stands with its tags, holds for sounds too; no camera has seen them."""
    for number in range(6):
        add(f"shoot/first_person_{number}.png", tags=["npc:alex", "camera:view:pov"])
    path = root / "shoot" / "first_person_gate.wav"
    path.write_bytes(sound(tone(0.1)))
    (item,) = gallery.add([path], tags=["npc:alex"]).results
    found = suggested(item.id)
    assert "loc:dungeon_entrance" in found
    assert [tag for tag in found if tag.startswith("camera:")] == []
    assert "camera:view:pov" in suggested(add("shoot/first_person_gate.png", tags=["npc:alex"]))
