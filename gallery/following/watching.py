"""Keeping the gallery in step with folders while they change.

The operating system tells what happens (through `watchfiles`); what it tells is only a reason to look. A file is taken
in when it has settled, one that vanished is missing when it has not turned up elsewhere. Every hour, and after more
happened at once than the system may have told, everything is looked at again.
"""

import os
import stat
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from gallery.context import GalleryContext
from gallery.following import roots
from gallery.following.departing import depart
from gallery.following.settling import Settling
from gallery.following.syncing import lost_within, sync
from gallery.intake import ingest
from gallery.intake.ingest import CHUNK_FILES, Progress
from gallery.intake.inspecting import is_media
from gallery.intake.media import read_head
from gallery.intake.walking import File, find_files
from gallery.journal.batches import Origin
from gallery.reading.arguments import several_paths, several_texts
from gallery.store.chunks import chunked
from gallery.store.paths import ProjectPaths, shown
from gallery.store.tables import asset_path
from gallery.views import AddItem, AddResult, ItemError
from ontology.errors import CallsheetError, InvalidInputError

SETTLE_SECONDS = 1.0
RESCAN_SECONDS = 3600.0
_TICK_MS = 200
_GROUP_MS = 400
_RETRY_SECONDS = 1.0
_BURST = 4096
"""After so many events at once some may have been lost: the system's queue holds 16,384."""

Kind = Literal["watching", "changed", "waiting", "back"]


@dataclass(frozen=True, slots=True)
class WatchEvent:
    """What a watcher has to say.

    `watching`: everything was looked at, from here on changes are followed. `changed`: files came, changed or went.
    `waiting`: a folder is out of reach or the database is busy; nothing is marked. `back`: it goes on. `result` has the
    files, without those to which nothing new happened.
    """

    kind: Kind
    message: str
    result: AddResult = field(default_factory=lambda: AddResult(()))


class Watcher:
    """Follows folders until it is told to stop. Iterate over `events` in one thread; `stop` may be called from any.

    `is_looking`: whether it looks at everything, or has yet to, which may take long and goes on until interrupted.
    Whatever else is in hand `stop` leaves finished.
    """

    def __init__(
        self,
        context: GalleryContext,
        folders: Path | str | Iterable[Path | str],
        *,
        tags: str | Iterable[str] = (),
        accept_root: bool = False,
        settle_seconds: float = SETTLE_SECONDS,
        rescan_seconds: float = RESCAN_SECONDS,
        progress: Progress | None = None,
        origin: Origin = "hand",
    ) -> None:
        self._context = context
        self._paths = ProjectPaths(context.root)
        # Where the folders really are: what the system tells is told of there.
        self._tops = [os.path.realpath(folder) for folder in several_paths("folders", folders)]
        self._stored = [self._paths.stored(top) for top in self._tops]
        self._tags = several_texts("tags", tags)
        self._accept_root = accept_root
        self._rescan_seconds = rescan_seconds
        self._progress = progress
        self._origin = origin
        self._settling = Settling(settle_seconds)
        self._stopped = threading.Event()
        self._own_data = os.path.realpath(context.data_dir)
        self._looked_at = 0.0
        self.is_looking = True

    def stop(self) -> None:
        """End `events` as soon as what is in hand is done."""
        self._stopped.set()

    def events(self) -> Iterator[WatchEvent]:
        """What happens, as it happens. The first look at everything comes first.

        Raises before it as `gallery.following.syncing.sync` does, and `CallsheetError` (`watch_limit`, `storage`) when
        the system will not tell of changes. Afterwards a folder that goes out of reach and a busy database are waited
        for; what else the database raises (a full disk) ends it. What was done is kept.
        """
        if not self._tops:
            raise InvalidInputError("no folder to watch was named", hint="callsheet add pictures/ --watch")
        with self._context.database.read() as connection:
            for folder in self._stored:
                roots.check(connection, self._paths, folder, accept=self._accept_root)
        while not self._stopped.is_set():
            yield from self._follow()
            if not self._stopped.is_set():
                yield from self._wait_for_folders()

    def _follow(self) -> Iterator[WatchEvent]:
        """Until stopped, or until a folder is out of reach."""
        identities = self._identities()
        changes = _changes_of(self._tops, self._stopped)
        noted = next(changes, None)  # from here on the system tells: nothing that happens during the look is lost
        looks_anew = True
        while noted is not None and None not in identities and self._identities() == identities:
            try:
                looks_anew = looks_anew or len(noted) > _BURST or self._is_time_to_look()
                yield from self._take_note(noted)
                yield from self._act(looks_anew=looks_anew)
                looks_anew = False
            except CallsheetError as error:
                if error.code == "root_unavailable":
                    break
                if error.code != "locked":
                    raise
                looks_anew = True
                yield WatchEvent("waiting", error.message)
                self._stopped.wait(_RETRY_SECONDS)
            noted = next(changes, None)

    def _act(self, *, looks_anew: bool) -> Iterator[WatchEvent]:
        """Everything again, or what has settled."""
        if looks_anew:
            self.is_looking = True
            event = self._look_at_everything()
            self.is_looking = False
            yield event
        elif not self._settling.is_empty:
            news = self._round()
            if news.results:
                yield WatchEvent("changed", "", news)

    def _is_time_to_look(self) -> bool:
        return time.monotonic() - self._looked_at > self._rescan_seconds

    def _look_at_everything(self) -> WatchEvent:
        result = sync(
            self._context,
            self._tops,
            tags=self._tags,
            accept_root=self._accept_root,
            progress=self._progress,
            origin=self._origin,
        )
        self._accept_root = False  # it was said of what was found at the start
        self._looked_at = time.monotonic()
        known = sum(item.id is not None and item.outcome != "missing" for item in result.results)
        return WatchEvent("watching", f"{known} files in {', '.join(map(shown, self._stored))}", _news(result))

    def _take_note(self, changed: Iterable[str]) -> Iterator[WatchEvent]:
        """Note each path that something happened to; links are reported, as `add` does."""
        now = time.monotonic()
        skipped: list[AddItem] = []
        for path in sorted(changed):
            if not self._is_wanted(path):
                continue
            status = _status(path)
            if status is not None and stat.S_ISDIR(status.st_mode):
                skipped += self._note_folder(path, now)
            elif status is not None and stat.S_ISLNK(status.st_mode):
                reason = ItemError("link", "links in folders are not followed", "name it itself if you want it")
                skipped.append(AddItem(shown(self._paths.stored(path)), None, "skipped", reason))
            elif status is None or stat.S_ISREG(status.st_mode):
                self._settling.note(path, now)
        if skipped:
            yield WatchEvent("changed", "", AddResult(tuple(skipped)))

    def _note_folder(self, folder: str, now: float) -> list[AddItem]:
        """A folder that came or moved here: of what was in it already the system says nothing."""
        skipped: list[AddItem] = []
        for found in find_files(self._context, self._paths, [folder]):
            if isinstance(found, File):
                self._settling.note(found.path, now)
            elif found.error is not None:
                skipped.append(found)
        return skipped

    def _is_wanted(self, path: str) -> bool:
        """Whether the path lies in a watched folder, not in a hidden one, not behind a link, and is none of our own."""
        top = next((top for top in self._tops if _is_within(path, top)), None)
        if top is None or _is_within(path, self._own_data) or path == top:
            return False
        if any(part.startswith(".") for part in path[len(top) :].split(os.sep)):  # noqa: PTH206  # text as the system told it
            return False
        folder = os.path.dirname(path)  # noqa: PTH120  # text as the system told it
        return os.path.realpath(folder) == folder

    def _round(self) -> AddResult:
        """Take in what has settled, then note what is gone: a file that moved is known before its old place is left."""
        now = time.monotonic()
        settled = self._settling.settled(now, CHUNK_FILES)
        departed = [] if settled else self._settling.departed(now, CHUNK_FILES)
        try:
            return self._took_in(settled) if settled else self._left(departed)
        except BaseException:
            for path in (*settled, *departed):
                self._settling.note(path, now)
            raise

    def _took_in(self, files: Sequence[str]) -> AddResult:
        pictures = [path for path in files if _holds_picture(path)]
        added = ingest.add(self._context, pictures, tags=self._tags, origin=self._origin)
        return _news(added, vanished="not_found")

    def _left(self, gone: Sequence[str]) -> AddResult:
        """The files at these paths, and below them where they were folders, are gone; unless a folder is out of reach.

        Raises `CallsheetError` (`root_unavailable`) with nothing marked.
        """
        if not gone:
            return AddResult(())
        with self._context.database.read() as connection:
            for folder in self._stored:
                roots.check(connection, self._paths, folder)
        lost = [str(self._paths.absolute(path)) for path in lost_within(self._context, self._paths, self._stored)]
        names = self._known_below([path for path in gone if not any(_is_within(path, folder) for folder in lost)])
        items: list[AddItem] = []
        batches: list[int] = []
        for piece in chunked(names, CHUNK_FILES):
            run = batches[0] if batches else None
            departed, batch = depart(self._context, self._paths, piece, origin=self._origin, run=run)
            items += departed
            batches += [] if batch is None else [batch]
        return AddResult(tuple(items), tuple(batches))

    def _known_below(self, gone: Sequence[str]) -> list[str]:
        """The stored paths that these were, or that lay below them."""
        stored = [self._paths.stored(path) for path in gone]
        known: dict[str, None] = {}
        with self._context.database.read() as connection:
            for piece in chunked(stored):
                exact = select(asset_path.c.path).where(asset_path.c.path.in_(piece))
                known.update(dict.fromkeys(connection.execute(exact).scalars()))
            for folder in stored:
                if folder not in known:
                    within = select(asset_path.c.path).where(roots.below(self._paths, folder))
                    known.update(dict.fromkeys(connection.execute(within).scalars()))
        return list(known)

    def _wait_for_folders(self) -> Iterator[WatchEvent]:
        """Until every folder is what it was."""
        self.is_looking = False
        said = ""
        while not self._stopped.is_set():
            try:
                with self._context.database.read() as connection:
                    for folder in self._stored:
                        roots.check(connection, self._paths, folder)
            except CallsheetError as error:
                if error.message != said:
                    said = error.message
                    yield WatchEvent("waiting", said)
                self._stopped.wait(_RETRY_SECONDS)
                continue
            if said:
                yield WatchEvent("back", f"{', '.join(map(shown, self._stored))} is there again")
            return

    def _identities(self) -> list[str | None]:
        return [roots.identity_of(Path(top)) for top in self._tops]


def _changes_of(folders: Sequence[str], stopped: threading.Event) -> Iterator[set[str]]:
    """The paths that something happened to, several times a second; an empty set when nothing did."""
    import watchfiles  # noqa: PLC0415  # a program of its own, which only a watcher needs

    changes = watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=_GROUP_MS,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        stop_event=stopped,
        ignore_permission_denied=True,
    )
    while True:
        try:
            told = next(changes, None)
        except FileNotFoundError:
            return  # a folder went away just now
        except OSError as error:
            raise _refused(error) from error
        except RuntimeError as error:  # how `watchfiles` reports what the system said
            raise _refused(OSError(str(error))) from error
        if told is None:
            return
        yield {path for _, path in told}


def _refused(error: OSError) -> CallsheetError:
    said = str(error)
    if "limit" in said.lower() or "space" in said.lower():
        return CallsheetError(
            f"the system watches no more folders: {said}",
            hint="raise fs.inotify.max_user_watches, or set WATCHFILES_FORCE_POLLING=1",
            code="watch_limit",
        )
    return CallsheetError(f"the folders cannot be watched: {said}", hint="WATCHFILES_FORCE_POLLING=1", code="storage")


def _news(result: AddResult, *, vanished: str | None = None) -> AddResult:
    """Without files to which nothing new happened, and those that were gone again before they were read."""
    kept = tuple(
        item
        for item in result.results
        if item.outcome != "known"
        and (item.outcome != "skipped" or item.error is not None)
        and not (vanished and item.error is not None and item.error.code == vanished)
    )
    return AddResult(kept, result.batches)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))  # noqa: PTH118  # text as the system told it


def _holds_picture(path: str) -> bool:
    """Whether to take the file in; one that may not be read is taken in to be reported."""
    try:
        return is_media(read_head(path))
    except FileNotFoundError:
        return False
    except OSError:
        return True
