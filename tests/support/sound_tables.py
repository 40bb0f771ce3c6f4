"""The tables of docs/providers.md about sounds, made as those about pictures are (`provider_tables`).

To write them anew: `PYTHONPATH=.:tests/support python tests/support/sound_tables.py`.
"""

import sys

import fake_wire
from provider_tables import CASES, PAGE, lost, what_became, written
from sound_cases import GOOGLE, SOUND_VENDORS, SoundVendor
from vendor_cases import shortened

from generation.catalogue.loading import shipped_catalogue
from generation.catalogue.model import Model, Price
from generation.money import text_of

MAKES = {"sound_effect": "effects", "text_to_speech": "speech", "music": "music"}
NAMES = ("elevenlabs", "openai", "gemini", "google", "replicate")
UNITS = {"second": "a second", "gpu_second": "a second of a machine"}
TAKES = ("duration", "format", "language", "loop", "seed", "speed", "voice")


def price_of(price: Price) -> str:
    """A price with its source and its day, in a cell."""
    if price.unit == "character":
        amount = f"${text_of(price.rates['character'] * 1_000_000)} a million characters"
    else:
        amount = f"${text_of(price.rates[price.unit])} {UNITS[price.unit]}"
    return f"{amount}; {price.source}, {price.as_of}" + (" (a guess)" if price.guess else "")


def row_of(model: Model) -> str:
    """One model."""
    assert model.price is not None
    until = f" (until {model.sunset})" if model.sunset else ""
    can = ", ".join(MAKES[each] for each in model.operations if each in MAKES)
    longest = f"{model.longest:g} s" if model.longest else "–"
    takes = ", ".join(name for name in TAKES if name in model.accepts) or "–"
    cells = [f"`{model.id}`{until}", can, ", ".join(model.formats), longest, takes, price_of(model.price)]
    return "| " + " | ".join(cells) + " |"


def models_table() -> str:
    """Every model of a sound that is asked for over HTTP, by provider."""
    lines = ["| Model | Makes | Formats | At most | Takes | Price; source, day |", "|" + "---|" * 6]
    for name in NAMES:
        lines.append(f"| **{shipped_catalogue().makers[name].label}** (`{name}`) | | | | | |")
        models = shipped_catalogue().models_of(name)
        lines += [row_of(model) for model in models if set(model.operations) & set(MAKES)]
    return "\n".join(lines)


def contract_row(vendor: SoundVendor) -> str:
    """What becomes of a call in every case, tried out."""
    steps = [None, vendor.rate_limit({"Retry-After": "1"}), vendor.no_quota(), vendor.rejected(), lost, "damage"]
    found = []
    for case, step in zip(CASES, steps, strict=True):
        if vendor is GOOGLE and case == "refused":
            found.append("–")
            continue
        with vendor.fake() as fake:
            provider = vendor.provider(fake)
            if step == "damage" and vendor.damage is not None:
                vendor.damage(fake, lambda _: b"no sound")
            elif step == "damage":
                fake.script.append(fake_wire.changed(lambda body: vendor.set_picture(body, shortened)))
            elif step is not None:
                fake.script.append(step)
            became = what_became(vendor, fake, provider, vendor.request())
            found.append(became.replace("picture", "sound"))
            provider.close()
    return f"| `{vendor.name}` | `{vendor.model}` | {MAKES[vendor.operation]} | " + " | ".join(found) + " |"


def contract_table() -> str:
    """Every vendor, every case."""
    head = "| Provider | Model | Makes | " + " | ".join(CASES).replace("picture", "sound") + " |"
    return "\n".join([head, "|" + "---|" * (3 + len(CASES)), *map(contract_row, SOUND_VENDORS)])


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    text = written(written(text, "sound models", models_table()), "sound contract", contract_table())
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"written: {PAGE.name}\n")
