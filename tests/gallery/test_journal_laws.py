"""Laws of the journal over everything that it can take back: tags, ratings, notes, rejections, lineage, trash,
collections.
"""

from contextlib import ExitStack
from itertools import count

import pytest
from gallery_builders import make_pictures, open_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select

from gallery import Gallery
from gallery.journal.batches import Change, apply
from gallery.journal.editing import Edit
from gallery.journal.record_deltas import record_reverted
from gallery.store.tables import asset
from ontology.errors import CallsheetError

ASSETS = 4
NAMES = ("mine", "yours")
WORDS = ("role:bg", "loc:park", "npc:alex", "plain")

assets = st.integers(0, ASSETS - 1)
several = st.lists(assets, min_size=1, max_size=3, unique=True)
words = st.sampled_from(WORDS)
names = st.sampled_from(NAMES)

EDITS = st.one_of(
    st.tuples(st.just("tag"), several, words),
    st.tuples(st.just("untag"), several, words),
    st.tuples(st.just("rate"), several, st.none() | st.integers(0, 5)),
    st.tuples(st.just("note"), several, st.none() | st.sampled_from(["a", "b\nc"])),
    st.tuples(st.just("reject"), several, words),
    st.tuples(st.just("link"), several, st.lists(assets, max_size=2, unique=True)),
    st.tuples(st.just("trash"), several, st.none()),
    st.tuples(st.just("restore"), several, st.none()),
    st.tuples(st.just("create"), several, names),
    st.tuples(st.just("collect"), several, st.tuples(names, st.none() | st.integers(1, 5))),
    st.tuples(st.just("uncollect"), several, names),
    st.tuples(st.just("move"), several, st.tuples(names, st.integers(1, 5))),
    st.tuples(st.just("rename"), several, st.tuples(names, names)),
    st.tuples(st.just("discard"), several, names),
)


class Project:
    """A gallery of a few assets, in which edits are done by description."""

    def __init__(self, context, root):
        self.context = context
        self.gallery = Gallery(context)
        self.ids = [item.id for item in self.gallery.add(make_pictures(root, ASSETS)).results]

    def do(self, edit):
        """The number of the batch; None where nothing changed or the edit was refused."""
        kind, which, value = edit
        chosen = [self.ids[number] for number in which]
        try:
            return getattr(self, f"_{kind}")(chosen, value)
        except CallsheetError:
            return None

    def _tag(self, chosen, word):
        return self.gallery.tag(chosen, add=word).batch

    def _untag(self, chosen, word):
        return self.gallery.untag(chosen, word).batch

    def _rate(self, chosen, rating):
        return self.gallery.edit_all(chosen, Edit(rating=rating)).batch

    def _note(self, chosen, note):
        return self.gallery.edit_all(chosen, Edit(note=note)).batch

    def _reject(self, chosen, word):
        with self.context.database.write() as connection:
            rows = connection.execute(select(asset.c.key, asset.c.rejected).where(asset.c.id.in_(chosen))).all()
            changes = [
                Change(row.key, {"rejected": row.rejected}, {"rejected": [*row.rejected, word]})
                for row in rows
                if word not in row.rejected
            ]
            return apply(connection, self.context, "reject", changes) if changes else None

    def _link(self, chosen, parents):
        return self.gallery.link(chosen, parents=[self.ids[n] for n in parents], operation="fusion").batch

    def _trash(self, chosen, _):
        return self.gallery.trash(chosen).batch

    def _restore(self, chosen, _):
        return self.gallery.restore(chosen).batch

    def _create(self, chosen, name):
        return self.gallery.create_collection(name, chosen).batch

    def _collect(self, chosen, how):
        return self.gallery.collect(how[0], chosen, at=how[1]).batch

    def _uncollect(self, chosen, name):
        return self.gallery.uncollect(name, chosen).batch

    def _move(self, chosen, how):
        return self.gallery.move_in_collection(how[0], chosen, to=how[1]).batch

    def _rename(self, _, how):
        return self.gallery.rename_collection(*how).batch

    def _discard(self, _, name):
        return self.gallery.remove_collection(name).batch

    def state(self):
        """Everything that undo is answerable for. Collections hold those in the trash too."""
        found = [self.gallery.get(name) for name in self.ids]
        told = [
            (one.asset.tags, one.asset.rating, one.note, one.rejected, one.parents, one.operation, one.trashed is None)
            for one in found
        ]
        return told, {name: self.members(name) for name in self.names()}

    def names(self):
        return [view.name for view in self.gallery.collections()]

    def members(self, name):
        return [item.id for item in self.gallery.collection(name).assets]

    def is_sound(self):
        return not [finding for finding in self.gallery.doctor() if finding.severity != "info"]


@pytest.fixture
def fresh(tmp_path_factory):
    """Opens a project of its own whenever it is called."""
    with ExitStack() as stack:

        def opened():
            root = tmp_path_factory.mktemp("project")
            return Project(stack.enter_context(open_context(root)), root)

        yield opened


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITS, max_size=8))
def test_undo_after_any_edits_restores_every_state_and_redo_every_one_again(edits, fresh):
    project = fresh()
    states = [project.state()]
    states += [project.state() for edit in edits if project.do(edit) is not None]
    for expected in reversed(states[:-1]):
        project.gallery.undo()
        assert project.state() == expected
    for expected in states[1:]:
        project.gallery.redo()
        assert project.state() == expected
    assert project.is_sound()


# Of two edits that touch different things; by kind, what the second must differ in.
def touched(edit):
    """The things that an edit touches, each alone."""
    kind, which, value = edit
    if kind in ("tag", "untag"):
        return {("tag", number, value) for number in which}
    if kind == "reject":
        return {("reject", number, value) for number in which}
    if kind in ("rate", "note", "link"):
        return {(kind, number) for number in which}
    if kind in ("trash", "restore"):
        return {("trash", number) for number in which}
    return {("collection", value[0] if isinstance(value, tuple) else value)}


PLAIN = EDITS.filter(lambda edit: edit[0] not in ("link", "rename"))


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(EDITS, max_size=4), first=PLAIN, second=PLAIN)
def test_undo_of_one_edit_behind_a_disjoint_one_leaves_what_the_other_alone_would_have_done(
    before, first, second, fresh
):
    if touched(first) & touched(second):
        return
    together, alone = fresh(), fresh()
    for edit in before:
        together.do(edit)
        alone.do(edit)
    batch = together.do(first)
    together.do(second)
    alone.do(second)
    if batch is not None:
        together.gallery.undo(batch)
    mine, theirs = together.state(), alone.state()
    assert [unordered(one) for one in mine[0]] == [unordered(one) for one in theirs[0]]
    assert mine[1] == theirs[1]


def unordered(told):
    """Tags and rejections without their order: two who add at once are both right."""
    tags, rating, note, rejected, *rest = told
    return set(tags), rating, note, set(rejected), *rest


MEMBERS = st.sampled_from("abcdef")


@given(st.sets(MEMBERS), st.sets(MEMBERS), st.sets(MEMBERS))
def test_disjoint_members_of_one_collection_are_undone_without_each_other(present, mine, theirs):
    theirs -= mine
    now = dict.fromkeys(present, "5")
    toggle = lambda members: {name: None if name in present else "7" for name in members}  # noqa: E731
    before = {"members": {name: now.get(name) for name in mine}}
    after = {"members": toggle(mine)}
    later = ({"members": {name: now.get(name) for name in theirs}}, {"members": toggle(theirs)})
    alone = {name: place for name, place in (now | toggle(theirs)).items() if place}
    both = {name: place for name, place in (now | toggle(mine) | toggle(theirs)).items() if place}
    delta = record_reverted(before, after, {"members": both}, [later])
    back = {} if delta is None else delta[1]["members"]
    assert {name: place for name, place in (both | back).items() if place} == alone


class JournalMachine(RuleBasedStateMachine):
    """Edits, undo and redo in any order, against a model that simply remembers whole states."""

    numbers = count()
    factory = None

    @initialize()
    def begin(self):
        self.stack = ExitStack()
        root = self.factory.mktemp(f"machine{next(self.numbers)}")
        self.project = Project(self.stack.enter_context(open_context(root)), root)
        self.past, self.future, self.present = [], [], self.project.state()

    @rule(edit=EDITS)
    def edit(self, edit):
        before = self.project.state()
        batch = self.project.do(edit)
        if batch is None:
            assert self.project.state() == before
        else:
            self.past.append(self.present)
            self.future.clear()
            self.present = self.project.state()

    @precondition(lambda self: self.past)
    @rule()
    def undo(self):
        self.project.gallery.undo()
        self.future.append(self.present)
        self.present = self.past.pop()
        assert self.project.state() == self.present

    @precondition(lambda self: self.future)
    @rule()
    def redo(self):
        self.project.gallery.redo()
        self.past.append(self.present)
        self.present = self.future.pop()
        assert self.project.state() == self.present

    @precondition(lambda self: not self.future)
    @rule()
    def redo_nothing(self):
        with pytest.raises(CallsheetError, match="nothing to redo"):
            self.project.gallery.redo()

    def teardown(self):
        if hasattr(self, "stack"):
            assert self.project.is_sound()
            self.stack.close()


@pytest.mark.slow
def test_any_sequence_of_edits_undo_and_redo_does_what_the_model_says(tmp_path_factory):
    from hypothesis.stateful import run_state_machine_as_test

    JournalMachine.factory = tmp_path_factory
    run_state_machine_as_test(JournalMachine, settings=settings(max_examples=25, stateful_step_count=20, deadline=None))
