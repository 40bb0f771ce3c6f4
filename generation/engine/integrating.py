"""A result in the project's manifest, and what follows when a run is over: constants, and the project's command."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from generation.engine.context import GenerationContext
from generation.engine.keeping import error_body
from generation.engine.placing import Maker, PlacedFile
from generation.ledger import jobs
from generation.ledger.views import JobView
from generation.manifest.entries import ManifestEntry
from generation.manifest.integrating import follow
from generation.manifest.reading import read_manifest
from generation.manifest.recording import record
from generation.specs.model import Spec
from ontology.errors import CallsheetError, NotFoundError

Trace = list[dict[str, Any]]


def refuse_broken_manifest(context: GenerationContext, spec: Spec) -> None:
    """Before anything is spent: raises `ManifestError` where the spec's entry could not be written."""
    if context.manifest is None or _key(spec) is None:
        return
    try:
        read_manifest(context.manifest.path)
    except NotFoundError:
        return


def integrate_result(
    context: GenerationContext, spec: Spec, files: Sequence[PlacedFile], maker: Maker, made_at: datetime | None
) -> Trace:
    """Put the best picture into the manifest; what was done, as steps of the trace.

    `made_at`: when it was bought, so that the same result changes nothing. Raises as `record` does.
    """
    key = _key(spec)
    if spec.integration is None or key is None or not files:
        return []
    plan = context.manifest
    if plan is None:
        return [notice("not carried out yet: integration, as no manifest is set")]
    entry = _entry(spec, files[0], maker.provider, maker.cost, made_at=made_at, stand_in=maker.stand_in)
    section = spec.integration.manifest_section
    changed = record(plan.path, section, key, entry, lock_file=plan.lock_file, waiting=plan.waiting)
    return [{"step": "integrate", "section": section, "key": key, "path": files[0].key, "changed": changed}]


def _key(spec: Spec) -> str | None:
    return spec.integration.manifest_key if spec.integration is not None else None


def _entry(
    spec: Spec, file: PlacedFile, provider: str, cost: Decimal | None, *, made_at: datetime | None, stand_in: bool
) -> ManifestEntry:
    said = spec.integration
    assert said is not None  # noqa: S101  # the caller looked
    return ManifestEntry(
        path=file.key,
        type=said.manifest_type,
        description=said.description,
        provider=provider,
        cost=cost,
        made_at=made_at,
        stand_in=stand_in,
    )


def notice(message: str) -> dict[str, Any]:
    """A step of the trace that every face shows."""
    return {"step": "notice", "message": message}


def end_run(context: GenerationContext, done: Sequence[JobView]) -> None:
    """Write the constants and run the command where these jobs went into the manifest, or an earlier run left it so.

    A fault becomes a notice of the last job. Raises what the database raises.
    """
    plan = context.manifest
    if plan is None:
        return
    integrated = [job for job in done if _last_integration(job) is not None]
    changed = any((_last_integration(job) or {}).get("changed") for job in integrated)
    try:
        if not integrated and not plan.is_waiting:
            return
        followed = follow(plan, manifest_changed=changed)
    except CallsheetError as error:
        body = error_body(error)
        said = [notice(f"the constants were not written: {body['message']}")]
    else:
        end = followed.command
        how = None if end is None or end.succeeded else f"ended with {end.exit_code}" if end.exit_code else "failed"
        said = [] if end is None or how is None else [notice(f"the command {end.command[0]} {how}: {end.said}")]
    if said and (integrated or done):
        jobs.note(context.book, (integrated or done)[-1].key, said)


def _last_integration(job: JobView) -> Mapping[str, Any] | None:
    return next((step for step in reversed(job.trace) if step.get("step") == "integrate"), None)
