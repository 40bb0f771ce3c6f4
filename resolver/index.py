"""`CandidateIndex`: a body of candidates that is kept between requests."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from resolver.candidate import AssetId, read_id
from resolver.errors import CandidateError

Lookup = Callable[[Sequence[AssetId]], Sequence[Any]]


class CandidateIndex:
    """Candidates by id. `add` refuses an id that is there, `update` replaces, `discard` forgets and never raises."""

    def __init__(self, candidates: Iterable[Any] = ()) -> None:
        self._assets: dict[AssetId, Any] = {}
        for asset in candidates:
            self.add(asset)

    def __len__(self) -> int:
        return len(self._assets)

    def __contains__(self, asset_id: object) -> bool:
        return asset_id in self._assets

    def __iter__(self) -> Iterator[Any]:
        return iter(self._assets.values())

    def add(self, asset: Any) -> None:
        """Take in one more asset. Raises CandidateError where its id is there already."""
        asset_id = read_id(asset)
        if asset_id in self._assets:
            raise CandidateError(
                f"two candidates have the id {asset_id!r}", candidate=asset_id, hint="use update() to replace one"
            )
        self._assets[asset_id] = asset

    def update(self, asset: Any) -> None:
        """Take in an asset in place of the one with its id, if there is one."""
        self._assets[read_id(asset)] = asset

    def discard(self, asset_id: AssetId) -> None:
        """Forget the asset with this id."""
        self._assets.pop(asset_id, None)
