"""The one style of a project, said in every prompt of a picture. Pure."""

from dataclasses import replace

from generation.specs.model import Spec


def styled(spec: Spec, style: str) -> Spec:
    """The spec with the style below its prompt, once: not where it stands there already, and not in a sound."""
    words = style.strip()
    if not words or spec.asset_type == "audio" or words in spec.prompt:
        return spec
    return replace(spec, prompt="\n".join(part for part in (spec.prompt, words) if part))
