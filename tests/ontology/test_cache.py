"""The compiled vocabulary: the same as the files give, or not used at all; never an error."""

import gc
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ontology import compiled, loader
from ontology.compiled import FORMAT, from_bytes, to_bytes
from ontology.errors import OntologyError
from ontology.loader import builtin_ontology, load_ontology
from ontology.terms import Namespace, Ontology, Source, Term

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures" / "ontologies"

texts = st.text(st.characters())  # lone surrogates among them: names of files may hold them
lists = st.lists(texts, max_size=3).map(tuple)
sources = st.builds(Source, texts, st.integers(1), st.integers(1))
terms = st.builds(
    Term,
    id=texts,
    label=texts,
    kind=st.sampled_from(["hero", "npc", "monster", None]),
    broader=lists,
    aliases=lists,
    keywords=lists,
    deprecated=st.booleans(),
    replaced_by=st.none() | texts,
    source=st.none() | sources,
)
ontologies = st.builds(
    Ontology,
    st.lists(terms, unique_by=lambda term: term.id),
    st.lists(st.builds(Namespace, texts, texts, st.booleans()), unique_by=lambda space: space.name),
    label=texts,
)

SMALL = Ontology([Term("npc:alex", "Alex", source=Source("a.yaml", 3, 3))], [Namespace("npc", "People", closed=True)])


def everything_of(ontology):
    """All that two vocabularies can differ in, the order of terms and their sources among it."""
    terms = list(ontology.terms.values())
    return ontology.label, list(ontology.namespaces.values()), terms, [term.source for term in terms], ontology.renamed


SMALL_BODY = to_bytes(SMALL, b"")[44:].removesuffix(b"npc:alex\nAlex")


class TestTheCodec:
    @given(ontologies, st.binary())
    @example(Ontology(), b"")
    @example(builtin_ontology(), b"key")
    def test_what_comes_back_is_what_was_given(self, ontology, key):
        found = from_bytes(to_bytes(ontology, key), key)
        assert everything_of(found) == everything_of(ontology)
        assert found == ontology

    @given(st.binary(), st.binary())
    def test_another_key_opens_nothing(self, key, other):
        assert (from_bytes(to_bytes(SMALL, key), other) is None) == (key != other)

    @pytest.mark.parametrize("bit", range(8))
    def test_a_single_wrong_bit_is_noticed_wherever_it_is(self, bit):
        data = to_bytes(SMALL, b"key")
        for place in range(len(data)):
            damaged = bytearray(data)
            damaged[place] ^= 1 << bit
            assert from_bytes(bytes(damaged), b"key") is None

    @pytest.mark.parametrize("length", range(0, len(to_bytes(SMALL, b"key")), 7))
    def test_half_a_file_is_noticed(self, length):
        assert from_bytes(to_bytes(SMALL, b"key")[:length], b"key") is None

    @given(st.binary())
    def test_foreign_bytes_are_refused(self, data):
        assert from_bytes(data, b"key") is None

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"\xff",
            b"null",
            b"[]",
            b"{}",
            b"[" * 100_000,
            b'{"texts": null, "namespaces": [[1]]}',
            b'{"texts": null, "namespaces": [], "label": "", "file": [], "lists": 3, "terms": {"id": []}}',
            SMALL_BODY.replace(b'"line":[3]', b'"line":[3,4]'),
            SMALL_BODY.replace(b'"file":[0]', b'"file":[1]'),
            SMALL_BODY.replace(b'"file":[0]', b'"file":[0,0]'),
        ],
    )
    def test_a_body_of_another_shape_is_refused_though_its_seal_is_right(self, body):
        raw = len(body).to_bytes(4, "big") + body + b"npc:alex\nAlex"
        sealed = compiled._HEAD + sha256(sha256(b"key").digest() + raw).digest() + raw
        assert body != SMALL_BODY
        assert from_bytes(sealed, b"key") is None

    def test_another_format_is_refused(self):
        data = to_bytes(SMALL, b"key")
        assert from_bytes(data[:7] + bytes((FORMAT + 1,)) + data[8:], b"key") is None


@pytest.fixture
def folder(tmp_path):
    """A folder of two files, and a place for the cache beside it."""
    made = tmp_path / "ontology"
    made.mkdir()
    (made / "a.yaml").write_text("version: 1\nlabel: Here\nterms: {'npc:alex': {aliases: [al]}, 'loc:hall': }\n")
    (made / "b.yaml").write_text("version: 1\nterms: {'npc:zoe': {broader: ['npc:alex']}}\n")
    return made


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache" / "ontology.bin"


@pytest.fixture
def read_files(monkeypatch):
    """How many times files were read as YAML."""
    read = []
    checked = loader._checked

    def counted(sources, **options):
        read.append(1)
        return checked(sources, **options)

    monkeypatch.setattr(loader, "_checked", counted)
    return read


def names_in(folder):
    return [path.name for path in folder.iterdir()]


class TestTheLoader:
    @pytest.mark.parametrize(
        "path", [None, FIXTURES / "dungeon_school", FIXTURES / "dungeon_school" / "characters.yaml"]
    )
    @pytest.mark.parametrize("builtin", [True, False])
    def test_from_the_cache_comes_what_comes_from_the_files(self, path, builtin, cache, read_files):
        plain = load_ontology(path, builtin=builtin)
        first = load_ontology(path, builtin=builtin, cache=cache)
        read_files.clear()
        second = load_ontology(path, builtin=builtin, cache=cache)
        assert read_files == []
        assert everything_of(plain) == everything_of(first) == everything_of(second)

    @pytest.mark.parametrize(
        "change",
        [
            lambda folder: (folder / "a.yaml").write_text("version: 1\nlabel: There\nterms: {'npc:alex': }\n"),
            lambda folder: (folder / "c.yaml").write_text("version: 1\nterms: {'npc:new': }\n"),
            lambda folder: (folder / "b.yaml").unlink(),
            lambda folder: (folder / "a.yaml").rename(folder / "c.yaml"),
        ],
    )
    def test_a_changed_file_is_read_again(self, folder, cache, change):
        before = load_ontology(folder, cache=cache)
        change(folder)
        after = load_ontology(folder, cache=cache)
        assert everything_of(after) == everything_of(load_ontology(folder))
        assert everything_of(after) != everything_of(before)
        assert everything_of(load_ontology(folder, cache=cache)) == everything_of(after)

    def test_bytes_that_move_from_one_file_to_another_are_a_change(self, folder):
        def key_of(*files):
            return loader._key([loader._Source(loader.Findings(name), data) for name, data in files], builtin=True)

        assert key_of(("a", b"xb"), ("c", b"y")) != key_of(("a", b"x"), ("bc", b"y"))
        assert key_of(("a", b"x"), ("b", b"")) != key_of(("a", b""), ("b", b"x"))

    def test_a_change_of_the_built_in_vocabulary_is_a_change(self, folder, cache, read_files, monkeypatch):
        load_ontology(folder, cache=cache)
        monkeypatch.setattr(loader, "_builtin_parts", lambda: (b"version: 1",))
        load_ontology(folder, cache=cache)
        assert len(read_files) == 2

    def test_a_file_under_another_name_gives_its_terms_that_source(self, folder, cache, monkeypatch):
        load_ontology(folder, cache=cache)
        monkeypatch.chdir(folder)
        assert load_ontology(Path("a.yaml"), cache=cache).terms["npc:alex"].source.file == "a.yaml"

    @pytest.mark.parametrize("content", [b"", b"CSVOCAB", b"\x80\x04N.", b"x" * 100_000])
    def test_a_damaged_cache_is_written_anew(self, folder, cache, content, read_files):
        cache.parent.mkdir()
        cache.write_bytes(content)
        assert everything_of(load_ontology(folder, cache=cache)) == everything_of(load_ontology(folder))
        read_files.clear()
        load_ontology(folder, cache=cache)
        assert read_files == []

    def test_a_cache_that_cannot_be_written_is_no_error(self, folder, tmp_path):
        for cache in (tmp_path / "no" / "such" / "x.bin", folder / "a.yaml" / "x.bin", Path("x" * 300)):
            assert load_ontology(folder, cache=cache) == load_ontology(folder)
        assert not (tmp_path / "no").exists()

    def test_a_cache_that_is_a_folder_or_a_pipe_is_no_error(self, folder, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "dir").mkdir()
        for name in ("pipe", "dir"):
            assert load_ontology(folder, cache=tmp_path / name) == load_ontology(folder)
        assert names_in(tmp_path / "dir") == []

    def test_a_cache_that_cannot_be_read_is_no_error(self, folder, cache, monkeypatch):
        load_ontology(folder, cache=cache)
        read = Path.read_bytes

        def refuse(path):
            if path == cache:
                raise PermissionError
            return read(path)

        monkeypatch.setattr(Path, "read_bytes", refuse)
        assert load_ontology(folder, cache=cache) == load_ontology(folder)

    def test_nothing_is_left_beside_the_cache(self, folder, cache, monkeypatch):
        load_ontology(folder, cache=cache)
        assert names_in(cache.parent) == [cache.name]

        def refuse(path, target):
            raise OSError(28, "no space left")

        cache.unlink()
        monkeypatch.setattr(Path, "replace", refuse)
        load_ontology(folder, cache=cache)
        assert names_in(cache.parent) == []

    def test_faults_are_reported_with_a_cache_as_without_one(self, folder, cache):
        load_ontology(folder, cache=cache)
        (folder / "a.yaml").write_text("version: 1\nterms: {'npc:alex': {kind: heroo}}\n")
        (folder / "c.yaml").symlink_to(folder / "gone")
        for options in ({}, {"cache": cache}):
            with pytest.raises(OntologyError) as caught:
                load_ontology(folder, **options)
            assert [found.code for found in caught.value.diagnostics] == ["unknown_kind", "file_unreadable"]

    def test_many_who_write_at_once_do_no_harm(self, folder, cache):
        expected = everything_of(load_ontology(folder))
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda number: load_ontology(folder, cache=cache, builtin=number % 3 > 0), range(60)))
        assert all(everything_of(one) == expected for number, one in enumerate(found) if number % 3)
        assert names_in(cache.parent) == [cache.name]
        assert gc.isenabled()

    def test_garbage_collection_stays_off_for_who_had_it_off(self, folder, cache):
        gc.disable()
        try:
            load_ontology(folder, cache=cache)
            load_ontology(folder, cache=cache)
            assert not gc.isenabled()
        finally:
            gc.enable()

    def test_from_the_cache_neither_yaml_nor_matching_is_loaded(self, folder, cache):
        load_ontology(folder, cache=cache)
        program = (
            "import sys; from pathlib import Path; from ontology.loader import load_ontology\n"
            f"assert load_ontology(Path({str(folder)!r}), cache=Path({str(cache)!r})).label == 'Here'\n"
            "print(sorted({'yaml', 'rapidfuzz', 'difflib'} & set(sys.modules)))"
        )
        ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == "[]"
