"""The library's front door."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from callsheet import CallsheetError, Workspace, held_files
from callsheet.block_files import load_blocks
from gallery.project_files import Refreshed
from ontology.errors import NotFoundError


def test_a_workspace_is_found_from_any_folder_inside(demo):
    with Workspace.open(demo / "assets") as ws:
        assert ws.root == demo


def test_opening_creates_nothing(project):
    before = sorted(project.rglob("*"))

    with Workspace.open(project) as ws:
        ws.resolve(hero_id="npc:alex")

    assert sorted(project.rglob("*")) == before


def test_no_project_is_one_of_our_errors_with_code_message_and_hint(tmp_path):
    with pytest.raises(CallsheetError) as caught:
        Workspace.open(tmp_path)

    assert caught.value.code == "no_project"
    assert "callsheet init" in caught.value.hint


def test_the_example_of_the_contract_runs(demo):
    with Workspace.open(demo) as ws:
        result = ws.resolve(location_id="loc:dungeon_entrance", hero_id="npc:alex", enemy_ids=["npc:boss_01"])
        fusion = ws.prefill("fusion", result, prompt="at the gate")

        assert result.background_asset.path == "assets/dungeon_gate.jpg"
        assert [asset.path for asset in result.hero_assets][:1] == ["assets/alex_full.png"]
        assert list(result.enemies) == ["npc:boss_01"]
        assert fusion["params"]["prompt"] == "at the gate"
        assert len(fusion["params"]["fusion_assets"]) == 3
        found = ws.gallery.search("role:bg -npc:*")
        ws.gallery.tag([found.assets[0].id], add=["mood:calm"], remove=["mood:tense"])
        assert ws.blocks["alex_faces_gravelord"]["operation_type"] == "fusion"


def test_the_answer_of_the_command_line_and_of_the_library_is_one(cli, demo):
    body = cli("resolve", "--block", "mara_in_the_hall", "--json").body

    with Workspace.open(demo) as ws:
        assert ws.resolve(ws.request_from_block("mara_in_the_hall")).to_json() == body


def test_fields_beside_a_request_win_over_it(demo):
    with Workspace.open(demo) as ws:
        request = ws.request(hero_id="npc:alex")

        assert len(ws.resolve(request, max_results=1).hero_assets) == 1


def test_flags_win_over_the_project_s_settings(demo):
    with Workspace.open(demo, resolve={"max_results": 1}) as ws:
        assert len(ws.resolve(hero_id="npc:alex").hero_assets) == 1


def test_an_unknown_block_names_the_nearest(demo):
    with Workspace.open(demo) as ws, pytest.raises(NotFoundError) as caught:
        ws.block("alex_faces_gravelrd")

    assert "alex_faces_gravelord" in caught.value.hint


def test_the_blocks_are_a_mapping_whose_error_names_the_nearest(demo):
    with Workspace.open(demo) as ws:
        with pytest.raises(NotFoundError, match=r"^this project has no action block 'alex_faces_gravelrd'$") as caught:
            ws.blocks["alex_faces_gravelrd"]
        assert isinstance(caught.value, KeyError)
        assert "alex_faces_gravelord" in caught.value.hint
        assert ws.blocks.get("nope") is None
        assert "nope" not in ws.blocks
        assert dict(ws.blocks)["alex_faces_gravelord"] == ws.blocks["alex_faces_gravelord"]


def test_one_workspace_serves_many_threads(demo):
    with Workspace.open(demo) as ws:
        start = threading.Barrier(8)

        def work(number):
            start.wait()
            if number % 2:
                ws.gallery.tag([ws.gallery.search('"sword"').assets[0].id], add=[f"word{number}"])
            return len(ws.resolve(hero_id="npc:alex").hero_assets)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(work, range(8)))

        assert answers == [answers[0]] * 8
        assert len(ws.gallery.search('"sword"').assets[0].tags) == 4


def test_a_closed_workspace_can_be_used_again(demo):
    ws = Workspace.open(demo)
    ws.gallery.count()
    ws.close()

    assert ws.gallery.count() == 47
    ws.close()


def test_a_workspace_that_stays_open_takes_in_changed_files_when_it_looks(demo):
    with Workspace.open(demo) as ws:
        held = ws.ontology, ws.scenes, ws.block_files, ws.gallery
        assert ws.refresh() == Refreshed()
        (demo / "ontology/new.yaml").write_text("version: 1\nterms:\n  npc:nia: {label: Nia}\n", encoding="utf-8")
        assert "npc:nia" not in ws.ontology.terms
        assert ws.refresh() == Refreshed(("ontology", "scenes"))
        assert "npc:nia" in ws.ontology.terms
        assert ws.gallery.context.ontology is ws.ontology
        assert ws.block_files is held[2]
        (demo / "scenes.yaml").unlink()
        assert (ws.refresh().taken, dict(ws.scenes)) == (("scenes",), {})


def test_scenes_that_cannot_be_used_leave_those_of_before_until_the_file_is_mended(demo):
    with Workspace.open(demo) as ws:
        held = ws.scenes
        file = demo / "scenes.yaml"
        sound = file.read_text(encoding="utf-8")
        file.write_text("scenes: [", encoding="utf-8")
        (fault,) = ws.refresh().faults
        assert (fault.part, fault.diagnostics[0].file, ws.scenes) == ("scenes", "scenes.yaml", held)
        assert ws.refresh() == Refreshed()
        assert ws.file_faults == (fault,)
        file.write_text(sound, encoding="utf-8")
        assert (ws.refresh().taken, ws.file_faults) == (("scenes",), ())


def test_blocks_that_were_never_all_sound_are_taken_as_they_are(demo):
    (demo / "blocks/bad.yaml").write_text("tags: [", encoding="utf-8")
    with Workspace.open(demo) as ws:
        before = len(ws.blocks)
        (demo / "blocks/own.yaml").write_text("id: own\ntags: [npc:alex]\n", encoding="utf-8")
        assert ws.refresh() == Refreshed(("blocks",))
        assert len(ws.blocks) == before + 1


def test_a_file_that_is_being_written_is_left_for_the_next_look(demo, monkeypatch):
    with Workspace.open(demo) as ws:
        held = ws.blocks["alex_faces_gravelord"]
        file = demo / "blocks/own.yaml"
        file.write_text("", encoding="utf-8")

        def writes_meanwhile(*arguments, **options):
            read = load_blocks(*arguments, **options)
            file.write_text("id: own\ntags: [npc:alex]\n", encoding="utf-8")
            return read

        monkeypatch.setattr(held_files, "load_blocks", writes_meanwhile)
        assert ws.refresh() == Refreshed()
        assert "own" not in ws.blocks
        monkeypatch.undo()
        assert ws.refresh() == Refreshed(("blocks",))
        assert ws.blocks["own"]["tags"] == ["npc:alex"]
        assert ws.blocks["alex_faces_gravelord"] == held
