"""One real call for each provider that has a key, the cheapest that it offers: `./run live [PROVIDER]… [--dry-run]`.

What it would cost is printed first, and never more than half a dollar is spent: the ledger of a throw-away project
holds that limit. Keys and addresses are those of the environment. Never in CI.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from tempfile import mkdtemp

from callsheet import Workspace
from generation.capability import Capability
from generation.catalogue.loading import shipped_catalogue
from generation.errors import ProviderError
from generation.ledger.views import JobView
from generation.providers.base import Provider
from generation.result import CostEstimate
from generation.specs.model import AssetType, Spec

LIMIT = Decimal("0.50")
"""US dollars, of all calls together."""
USAGE, FAILED = 2, 7
ASSET_TYPES: dict[str, AssetType] = {"text_to_image": "image", "sound_effect": "audio", "text_to_speech": "audio"}
"""What is asked for; anything else needs inputs, or costs by the minute."""
PROMPTS = {"image": "a red dot", "audio": "hi"}


@dataclass(frozen=True)
class Call:
    """The cheapest call of a provider."""

    provider: str
    model: str
    spec: Spec
    estimate: CostEstimate

    @property
    def high(self) -> Decimal:
        return self.estimate.high or Decimal(0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """The exit code: 0 also where there is nobody to ask, 2 for CI and slips, 7 where a call failed."""
    if os.environ.get("CI"):
        say("never in CI: these calls cost money")
        return USAGE
    names = [word for word in arguments if not word.startswith("-")]
    options = [word for word in arguments if word.startswith("-")]
    if set(options) - {"--dry-run"}:
        say(f"no such option: {options[0]}; usage: ./run live [PROVIDER]… [--dry-run]")
        return USAGE
    folder = Path(mkdtemp(prefix="callsheet-live-"))
    (folder / "callsheet.toml").write_text('name = "live"\n', encoding="utf-8")
    with Workspace.open(folder, generation={"budget": str(LIMIT), "stand_ins": False, "command": ()}) as ws:
        code, is_open = _asked(ws, names, dry_run="--dry-run" in options)
    if is_open:
        say(f"what is of unknown outcome is held in {folder}: callsheet --project {folder} queue")
    else:
        shutil.rmtree(folder)
    return code


def _asked(ws: Workspace, names: Sequence[str], *, dry_run: bool) -> tuple[int, bool]:
    """The exit code, and whether a call is of unknown outcome."""
    makers = {name: maker for name, maker in shipped_catalogue().makers.items() if maker.keys}
    known = {name: maker for name, maker in ws.generation.context.providers.items() if name in makers}
    unknown = [name for name in names if name not in known]
    if unknown:
        say(f"nobody is called {unknown[0]}; there are {', '.join(known)}")
        return USAGE, False
    wanted = {name: known[name] for name in names or known}
    calls, faults = _calls(wanted)
    if not calls:
        say("nobody to ask" if faults else "no provider has a key: set one in the environment, e.g. OPENAI_API_KEY")
        return (FAILED if faults else 0), False
    chosen = _within_limit(calls)
    for call in chosen:
        say(f"{call.provider:12} {call.model:32} {call.spec.operation:16} ≤ ${call.high}")
    say(f"together at most ${sum((call.high for call in chosen), Decimal(0))}; the limit is ${LIMIT}")
    if dry_run:
        return (FAILED if faults else 0), False
    done = [_made(ws, call) for call in chosen]
    say(f"spent ${ws.costs().to_json()['spent']}")
    failed = faults or any(job.state != "done" for job in done)
    return (FAILED if failed else 0), any(job.state in {"unknown", "waiting"} for job in done)


def _calls(wanted: dict[str, Provider]) -> tuple[list[Call], int]:
    """The cheapest call of each that has a key; how many cannot be asked although they have one."""
    calls: list[Call] = []
    faults = 0
    for name, provider in wanted.items():
        try:
            health = provider.check()
        except ProviderError as error:
            say(f"{name:12} {error.message}; {error.hint}")
            faults += 1
            continue
        call = cheapest(name, provider) if health.state == "ready" else None
        if health.state != "ready":
            say(f"{name:12} {health.detail}")
            faults += health.state != "no_key"
        elif call is None:
            say(f"{name:12} has nothing that can be tried at a known price")
        else:
            calls.append(call)
    return calls, faults


def _within_limit(calls: Sequence[Call]) -> list[Call]:
    """The cheaper ones first, as long as all of them together keep within the limit."""
    chosen: list[Call] = []
    for call in sorted(calls, key=lambda call: call.high):
        if sum((one.high for one in chosen), call.high) <= LIMIT:
            chosen.append(call)
        else:
            say(f"{call.provider:12} is left out: ${call.high} more would be beyond ${LIMIT}")
    return chosen


def cheapest(name: str, provider: Provider) -> Call | None:
    """Of all models, sizes and qualities of a provider the call whose high estimate is lowest."""
    found = [call for one in provider.capabilities() for call in _tries(name, provider, one)]
    return min(found, key=lambda call: (call.high, call.model), default=None)


def _tries(name: str, provider: Provider, one: Capability) -> Iterator[Call]:
    kind = ASSET_TYPES.get(one.operation)
    model = shipped_catalogue().models.get(f"{name}:{one.model}")
    if kind is None or model is None or model.is_gone(datetime.now(UTC).date()):
        return
    sizes = [f"{width}x{height}" for width, height in one.sizes] or [None]
    for size, quality in product(sizes if kind == "image" else [None], model.qualities or (None,)):
        said = {"size": size, "quality": quality, "duration": 0.5 if one.operation == "sound_effect" else None}
        spec = Spec(
            id=f"live-{name}",
            asset_type=kind,
            operation=one.operation,
            providers=(f"{name}:{one.model}",),
            prompt=PROMPTS[kind],
            parameters={key: value for key, value in said.items() if value is not None},
        )
        estimate = provider.estimate(spec.request(one.model, provider=name))
        if estimate.high is not None:
            yield Call(name, one.model, spec, estimate)


def _made(ws: Workspace, call: Call) -> JobView:
    job = ws.generate(call.spec, max_cost=call.high)
    if job.state == "done":
        asset = ws.gallery.get(job.assets[0]).asset
        size = f"{asset.width}x{asset.height}" if asset.width else asset.media_type
        said = f"made {size} for ${job.to_json()['cost']} (estimated ${call.estimate.low} to ${call.high})"
    else:
        said = f"{job.state}: {(job.error or {}).get('message')}"
    say(f"{call.provider:12} {said}")
    return job


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
