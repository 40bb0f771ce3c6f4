"""What is committed carries hashes and no addresses of machines."""

import re
from pathlib import Path

import pytest

# In pieces, so that this file does not hold what it looks for.
_MACHINE = re.compile(
    r"(?<![\w.:/~-])/(?:hom[e]/[a-z_]|User[s]/[A-Za-z]|roo[t]/|wor[k]/|workspac[e]s?/|build[s]?/|va[r]/folders/)"
    r"|\b[A-Z]:\\{1,2}User[s]\\"
)
_REQUIREMENT = re.compile(r"[a-z0-9][a-z0-9._-]*(\[[a-z0-9,._-]+\])?==[^\s;]+( ; [^\\]+)?( \\)?")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
SAMPLE_PATHS: dict[str, str] = {}
"""Tracked file → why it may show a path that looks like a machine's."""


def machine_paths(text: str) -> list[str]:
    """What looks like a folder of somebody's home or of a build machine."""
    return [found.group() for found in _MACHINE.finditer(text)]


def unlocked(text: str) -> list[str]:
    """Lines of a lock file that are neither a pinned requirement nor its hash, and requirements without any hash."""
    wrong = []
    lines = [line for line in text.splitlines() if line.strip()]
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _HASH.fullmatch(line):
            continue
        if not _REQUIREMENT.fullmatch(line) or not _HASH.fullmatch(following):
            wrong.append(line)
    return wrong


def _texts(tracked: list[Path], root: Path) -> dict[str, str]:
    texts = {}
    for path in tracked:
        content = (root / path).read_bytes()
        if b"\0" not in content[:8000]:
            texts[str(path)] = content.decode("utf-8", "replace")
    return texts


def test_every_requirement_is_pinned_and_hashed(root):
    assert unlocked((root / "requirements.lock").read_text(encoding="utf-8")) == []


def test_no_lock_file_names_an_address(tracked, root):
    locks = [path for path in tracked if path.suffix == ".lock" or path.name.endswith("-lock.json")]
    assert Path("requirements.lock") in locks
    assert [path for path in locks if "://" in (root / path).read_text(encoding="utf-8")] == []


def test_the_lock_that_names_addresses_is_ignored(tracked, root):
    assert "uv.lock" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert Path("uv.lock") not in tracked


def test_every_direct_dependency_is_locked(settings, root):
    locked = set(re.findall(r"^([a-z0-9._-]+)", (root / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE))
    wanted = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    assert [name for name in wanted if re.match(r"[a-z0-9._-]+", name.lower())[0] not in locked] == []


def test_no_file_names_a_folder_of_a_machine(tracked, root):
    places = [str(place) for place in {root, Path.home()} if len(place.parts) > 2]
    found = {}
    for name, text in _texts(tracked, root).items():
        seen = machine_paths(text) + [place for place in places if place in text]
        if seen and name not in SAMPLE_PATHS:
            found[name] = seen
    assert found == {}


@pytest.mark.parametrize(
    "planted", ["/hom" + "e/alex/gallery", "cd /wor" + "k/tree", "C:\\User" + "s\\alex", "'/roo" + "t/x'"]
)
def test_a_folder_of_a_machine_is_noticed(planted):
    assert len(machine_paths(planted)) == 1


@pytest.mark.parametrize(
    "harmless", ["assets/home/alex", "~/pictures/x", "https://example.org/home/alex", "GET /v1/assets"]
)
def test_a_path_of_a_project_is_left_alone(harmless):
    assert machine_paths(harmless) == []


@pytest.mark.parametrize(
    "planted",
    [
        "pillow==13.0 \\\n",
        "pillow>=12\n    --hash=sha256:" + "0" * 64,
        "--index-url somewhere\n",
        "pillow==13.0\n    --hash=md5:1",
    ],
)
def test_a_requirement_without_its_hash_is_noticed(planted):
    assert unlocked(planted) != []
