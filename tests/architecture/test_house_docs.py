"""Links between the documents lead somewhere, and no document is an orphan."""

import re
from pathlib import Path

import pytest

_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_ELSEWHERE = ("http://", "https://", "mailto:")
WANTED = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    "docs/architecture.md",
    "docs/glossary.md",
]
WANTED += ["docs/ontology.md", "docs/resolver.md", "docs/decisions/README.md"]
DECISION_PARTS = ["Status", "Date", "## Context", "## Decision", "## Considered", "## Consequences"]
MAX_DECISION_LINES = 40


def anchors(markdown: str) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,6}\s+(.+?)\s*#*$", _FENCE.sub("", markdown), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-") for heading in headings}


def links(markdown: str) -> list[str]:
    """The targets of a document's links to files of the house; code is no link."""
    text = _CODE.sub("", _FENCE.sub("", markdown))
    return [target for target in _LINK.findall(text) if not target.startswith(_ELSEWHERE)]


def dead_links(document: Path) -> list[str]:
    """The links of a document whose file, or whose heading, does not exist."""
    dead = []
    for target in links(document.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        path = document.parent / name if name else document
        readable = path.suffix == ".md" and path.is_file()
        if not path.exists() or (anchor and readable and anchor not in anchors(path.read_text(encoding="utf-8"))):
            dead.append(target)
    return dead


@pytest.fixture(scope="module")
def documents(tracked, root) -> list[Path]:
    """Every Markdown file of the house, but those that are data."""
    data = {"fixtures", "tests", "callsheet", "ontology", "gallery"}
    return [root / path for path in tracked if path.suffix == ".md" and path.parts[0] not in data]


@pytest.mark.parametrize("name", WANTED)
def test_a_document_that_everybody_looks_for_exists(name, root):
    assert (root / name).is_file()
    assert (root / name).stat().st_size > 400


def test_every_link_between_files_leads_somewhere(documents, root):
    assert {str(path.relative_to(root)): dead for path in documents if (dead := dead_links(path))} == {}


def test_every_document_is_reached_from_the_readme_or_the_architecture(documents, root):
    starts = [root / "README.md", root / "docs/architecture.md"]
    reached = {
        (start.parent / link.partition("#")[0]).resolve()
        for start in starts
        for link in links(start.read_text("utf-8"))
    }
    pages = {path for path in documents if path.parent == root / "docs"}
    assert sorted(pages - reached - set(starts)) == []


def test_every_decision_stands_in_the_index_and_says_what_a_record_says(root):
    folder = root / "docs/decisions"
    index = links((folder / "README.md").read_text(encoding="utf-8"))
    records = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert [path.name for path in records] == sorted(index, key=str) == sorted(index)
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    wrong = {}
    for path in records:
        text = path.read_text(encoding="utf-8")
        missing = [part for part in DECISION_PARTS if part not in text]
        if missing or len(text.splitlines()) > MAX_DECISION_LINES:
            wrong[path.name] = missing
    assert wrong == {}


def test_every_package_and_module_that_the_architecture_names_exists(root, packages):
    text = (root / "docs/architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(rf"`((?:{'|'.join(packages)})/[\w/.-]+\.\w+)`", text))
    assert len(named) > 20
    assert sorted(name for name in named if not (root / name).exists()) == []


def test_the_architecture_lists_every_import_contract_and_no_other(root, settings):
    text = (root / "docs/architecture.md").read_text(encoding="utf-8")
    rows = text.partition("| Contract | Says |")[2].partition("\n\n")[0]
    listed = set(re.findall(r"^\| `([\w-]+)` \|", rows, re.MULTILINE))
    assert listed == {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}


@pytest.mark.parametrize(
    ("planted", "dead"),
    [
        ("[gone](gone.md)", ["gone.md"]),
        ("![picture](pictures/gone.png)", ["pictures/gone.png"]),
        ("# Here\n[up](#there)", ["#there"]),
        ("# Here\n[up](#here) [home](page.md#here)", []),
        ("[away](https://example.org/gone.md)", []),
        ("`[code](gone.md)`", []),
        ("```\n[code](gone.md)\n```", []),
    ],
)
def test_a_dead_link_is_noticed(tmp_path, planted, dead):
    page = tmp_path / "page.md"
    page.write_text(planted, encoding="utf-8")
    assert dead_links(page) == dead
