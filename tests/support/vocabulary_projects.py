"""Projects whose vocabulary is worked on: every kind of file that names ids, and saved searches."""

from pathlib import Path

from gallery_builders import make_pictures
from sqlalchemy import select

from callsheet import Workspace
from gallery.journal.batches import apply
from gallery.journal.records import Record
from gallery.store.tables import asset, asset_tag, saved_search

ONTOLOGY = {
    "people.yaml": """\
# Who is there.
version: 1
terms:
  "npc:alex":   # the lead
    label: "Alex"
    kind: hero
    aliases: ["npc:alexander"]
  npc:ruby: {label: Ruby, kind: hero}
  npc:old_name: {deprecated: true, replaced_by: npc:alex}
  npc:unused: {label: Nobody}
""",
    "places.yaml": (
        "version: 1\r\nnamespaces:\r\n  mood: {label: Mood}\r\n"
        "terms:\r\n  loc:dungeon: {label: Dungeon}\r\n"
        "  loc:gate: {label: Gate, broader: [loc:dungeon]} # a gate\r\n"
        "  mood:calm:\r\n"
    ),
}
FILES = {
    "blocks/gate.yaml": """\
id: at_the_gate   # a block
tags: [ "loc:gate", 'npc:alex', "NPC : Alex", mood:calm ]
prompt: "npc:alex waits"
referenceImage: {npcId: alex, tags: [loc:gate]}
""",
    "blocks/more.json": (
        '[\n\t{"id": "one", "tags": {"location": "gate", "hero": ["alex", "npc:ruby"]}},\n'
        '\t{"id": "two", "from": {"npcId": "npc:alex"}, "to": "one"}\n]\n'
    ),
    "scenes.yaml": """\
scenes:
  duel:
    location: gate
    hero: alex   # short
    enemies: [npc:ruby]
    shots:
      - {id: s1, camera: pov, prefer: [npc:alex], overrides: {excludedTags: ["npc:alex"]}}
""",
    "specs/poster.yaml": "id: poster\ntags: [npc:alex, loc:gate]\ninputs:\n"
    "  - {query: npc:alex, role: reference}\nprompt: npc:alex\n",
}
SEARCHES = {"alex": 'npc:alex -role:bg "npc:alex"', "gates": "(loc:gate or =npc:alex) not draft", "none": "role:bg"}


def make_project(root: Path) -> Path:
    """A project's files, without pictures."""
    (root / "callsheet.toml").parent.mkdir(parents=True, exist_ok=True)
    (root / "callsheet.toml").write_text("")
    for name, text in {**{f"ontology/{name}": text for name, text in ONTOLOGY.items()}, **FILES}.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    return root


def fill(ws: Workspace) -> list[str]:
    """Four pictures (alex at the gate, alex by his alias, ruby in the trash, one without a tag), and the searches."""
    ids = [item.id for item in ws.gallery.add(make_pictures(ws.root / "assets", 4)).results]
    ws.gallery.tag(ids[0], add=["npc:alex", "loc:gate", "mood:calm"])
    ws.gallery.tag(ids[1], add=["npc:alex", "role:char:hero"])
    ws.gallery.tag(ids[2], add=["npc:ruby", "npc:alex"])
    ws.gallery.trash(ids[2])
    with ws.gallery.context.database.write() as connection:
        records = [Record("search", name, None, {"query": query}) for name, query in SEARCHES.items()]
        apply(connection, ws.gallery.context, "search", records=records)
    return ids


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of the project but pictures and what is ours."""
    found = (path for path in root.rglob("*") if path.is_file())
    outside = (path for path in found if path.relative_to(root).parts[0] not in (".callsheet", "assets"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in outside}


def rows_of(ws: Workspace) -> tuple[list, list, list]:
    """Assets (but for their versions), their index, and saved searches."""
    columns = [column for column in asset.c if column.name != "version"]
    with ws.gallery.context.database.read() as connection:
        return (
            [tuple(row) for row in connection.execute(select(*columns).order_by(asset.c.key))],
            [
                tuple(row)
                for row in connection.execute(select(asset_tag).order_by(asset_tag.c.tag, asset_tag.c.asset_key))
            ],
            [(row.name, row.query) for row in connection.execute(select(saved_search).order_by(saved_search.c.name))],
        )
