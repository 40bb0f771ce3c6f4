"""What is built is what is meant: all rooms with their data in the wheel, the tests in the sdist."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory, root) -> Path:
    """A folder with the wheel and the sdist, built without a network."""
    out = tmp_path_factory.mktemp("dist")
    program = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", str(out)]
    run = subprocess.run(program, cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return out


@pytest.fixture(scope="module")
def wheel(built) -> list[str]:
    """The names of the files in the wheel."""
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def sdist(built) -> list[str]:
    """The names of the files in the sdist, without its top folder."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return [name.partition("/")[2] for name in archive.getnames()]


def _of_packages(tracked, packages) -> list[Path]:
    return [path for path in tracked if path.parts[0] in packages]


def test_the_wheel_holds_every_module_of_all_seven_packages(wheel, tracked, packages):
    code = [path.as_posix() for path in _of_packages(tracked, packages) if path.suffix == ".py"]
    assert {name.split("/")[0] for name in code} == set(packages)
    assert [name for name in code if name not in wheel] == []


def test_the_wheel_holds_every_data_file_of_the_packages(wheel, tracked, packages):
    data = [path.as_posix() for path in _of_packages(tracked, packages) if path.suffix != ".py"]
    assert {"ontology/vocabulary", "callsheet/demo_project"} <= {"/".join(name.split("/")[:2]) for name in data}
    assert [name for name in data if name not in wheel] == []


def test_the_wheel_holds_nothing_but_the_packages_their_licence_and_its_own_papers(wheel, tracked, packages):
    wanted = {path.as_posix() for path in _of_packages(tracked, packages)}
    assert [name for name in wheel if name not in wanted and ".dist-info/" not in name] == []
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)
    assert any(name.endswith(".dist-info/entry_points.txt") for name in wheel)


def test_the_sdist_has_the_tests_and_what_they_read(sdist, tracked):
    wanted = [path.as_posix() for path in tracked if path.parts[0] in {"tests", "fixtures", "docs", "benchmarks"}]
    assert [name for name in wanted if name not in sdist] == []
    assert {"run", "pyproject.toml", "requirements.lock", "LICENSE", "README.md"} <= set(sdist)


def test_what_is_built_from_the_wheel_alone_can_be_imported(built, tmp_path, packages):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
    program += "".join(f"import {name}; print({name}.__file__)\n" for name in packages)
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True)
    assert [line for line in run.stdout.splitlines() if not line.startswith(str(tmp_path))] == []
