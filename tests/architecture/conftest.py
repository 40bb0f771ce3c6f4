"""What the tests of the house share: where it stands, its packages, its files, its syntax trees."""

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_UNTRACKED = {"build", "dist", "htmlcov", "__pycache__"}


def _listed_by_git() -> list[str] | None:
    """Files that are committed or would be by `git add`; None where this is no git checkout (an unpacked sdist)."""
    # The owner of a checkout and the user who tests it may differ, as in a container.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(git, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    return sorted(set(listed.split("\0")) - {""})


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def settings() -> dict:
    """`pyproject.toml`."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def packages(settings) -> list[str]:
    """The seven packages, as the wheel lists them."""
    return settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.fixture(scope="session")
def tracked() -> list[Path]:
    """Every file of the repository, relative to its top; what git ignores is none of it."""
    listed = _listed_by_git()
    if listed is not None:
        return [Path(name) for name in listed if (ROOT / name).is_file()]
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return sorted(path for path in found if not any(part in _UNTRACKED or part[0] == "." for part in path.parts))


@pytest.fixture(scope="session")
def sources(tracked, packages) -> dict[Path, ast.Module]:
    """Every module of the seven packages, parsed; migrations are generated and stand aside."""
    return {
        path: ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))
        for path in tracked
        if path.suffix == ".py" and path.parts[0] in packages and "versions" not in path.parts
    }
