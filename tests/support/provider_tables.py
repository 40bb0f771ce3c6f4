"""The tables of docs/providers.md: what each model of a picture can do, and what becomes of a call.

The first is what the catalogue and the adapters say, the second is tried out on the fakes. To write them anew:
`PYTHONPATH=.:tests/support python tests/support/provider_tables.py`.
"""

import re
import sys
from dataclasses import replace
from pathlib import Path

import fake_wire
from vendor_cases import VENDORS, Vendor, changed_picture, context, input_picture, made, shortened

from generation.catalogue.loading import shipped_catalogue
from generation.catalogue.model import Model, Price
from generation.errors import AmbiguousOutcomeError, ProviderError
from generation.money import text_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "providers.md"
NAMES = ("openai", "gemini", "replicate", "together", "stability", "firefly", "bfl")
PICTURES = {"text_to_image": "new", "image_to_image": "change", "fusion": "fusion", "inpaint": "inpaint"}
UNITS = {"megapixel": "a megapixel", "gpu_second": "a second of a machine"}
CASES = ("made", "too many calls", "no money", "refused", "broken answer", "damaged picture")


def price_of(price: Price | None) -> str:
    """A price with its source and its day, in a cell."""
    if price is None:
        return "unknown"
    if price.unit == "token":
        amount = f"${text_of(price.rates['image_out'])} a million tokens out"
    elif price.unit == "image":
        amounts = sorted({row.price for row in price.rows if row.price is not None})
        amount = " to ".join(f"${text_of(each)}" for each in dict.fromkeys((amounts[0], amounts[-1]))) + " a picture"
    elif "first_megapixel" in price.rates:
        first, more = price.rates["first_megapixel"], price.rates["megapixel"]
        amount = f"${text_of(first)} the first megapixel, ${text_of(more)} each further and of inputs"
    else:
        amount = f"${text_of(price.rates[price.unit])} {UNITS[price.unit]}"
    return f"{amount}; {price.source}, {price.as_of}" + (" (a guess)" if price.guess else "")


def shapes_of(model: Model) -> str:
    """What sizes it makes, in a cell."""
    if model.sizes:
        return f"{len(model.sizes)} sizes"
    return "any size" if "size" in model.accepts else f"{len(model.aspect_ratios)} shapes"


def is_left(model: Model) -> bool:
    """Whether it goes, and nobody wrote down what it can do any more."""
    return model.sunset is not None and model.price is None


def row_of(model: Model, operations: frozenset[str]) -> list[str]:
    """One model."""
    can = [PICTURES[each] for each in model.operations if each in operations and each in PICTURES]
    takes = sorted(model.accepts & {"seed", "strength", "negative_prompt", "format", "background", "quality"})
    until = f" (until {model.sunset})" if model.sunset else " (deprecated)" if model.deprecated else ""
    count = f"{model.max_n}" if model.max_n > 1 else "1"
    inputs = str(model.max_inputs) if model.max_inputs else "–"
    cells = [f"`{model.id}`{until}", ", ".join(can), inputs, count, shapes_of(model)]
    return [*cells, ", ".join(takes).replace("_", " ") or "–", price_of(model.price)]


def models_table() -> str:
    """Every model of a picture that an adapter can ask for, by provider."""
    lines = ["| Model | Makes | Inputs | At a time | Sizes | Takes beside | Price; source, day |"]
    lines.append("|" + "---|" * 7)
    adapters = {vendor.name: vendor.adapter.operations for vendor in VENDORS}
    for name in NAMES:
        lines.append(f"| **{shipped_catalogue().makers[name].label}** (`{name}`) | | | | | | |")
        can = adapters[name] & set(PICTURES)
        models = [
            model for model in shipped_catalogue().models_of(name) if can & set(model.operations) and not is_left(model)
        ]
        lines += ["| " + " | ".join(row_of(model, adapters[name])) + " |" for model in models]
    return "\n".join(lines)


def model_for(vendor: Vendor, operation: str) -> str | None:
    """The model of the vendor that does it: its usual one for the case, else the default."""
    if operation == "text_to_image":
        return vendor.model
    if operation not in vendor.adapter.operations:
        return None
    return shipped_catalogue().makers[vendor.name].defaults.get(operation)


def request_for(vendor: Vendor, operation: str):
    """A call of this kind."""
    inputs = {
        "text_to_image": [],
        "image_to_image": [input_picture("base")],
        "fusion": [input_picture("background"), input_picture("style", layer=1)],
        "inpaint": [input_picture("base"), input_picture("mask", layer=1)],
    }[operation]
    model = model_for(vendor, operation)
    return vendor.request(operation=operation, model=model, inputs=inputs, size=(1024, 1024))


def what_became(vendor: Vendor, fake, provider, request) -> str:
    """The outcome in the words of the table."""
    try:
        result = made(provider, request)
    except AmbiguousOutcomeError:
        found = provider.recover(request, replace(context(), sent=fake_now(), now=fake_now))
        return "found again in its list" if found is not None else "unknown, for a person"
    except ProviderError as error:
        if error.charged == "yes":
            return "fails, booked"
        if error.retryable:
            return "waits, tries again"
        return "next provider" if error.hops else "fails, costs nothing"
    return f"{len(result.outputs)} picture, cost {result.cost.source}"


def fake_now():
    """The time by which the fakes date what they make."""
    from datetime import UTC, datetime

    return datetime.now(UTC)


def lost(handler, seen):
    """The call is accepted, and its answer lost."""
    handler.vendor.answer(seen)
    handler.drop()


def outcomes(vendor: Vendor, operation: str) -> list[str]:
    """What becomes of a call in every case, tried out."""
    found = []
    steps = [None, vendor.rate_limit({"Retry-After": "1"}), vendor.no_quota(), vendor.rejected(), lost, "damage"]
    for step in steps:
        with vendor.fake() as fake:
            provider = vendor.provider(fake)
            if step == "damage" and vendor.damage is not None:
                vendor.damage(fake, lambda data: data[: len(data) // 2])
            elif step == "damage":
                fake.script.append(fake_wire.changed(lambda body: changed_picture(vendor, body, shortened)))
            elif step is not None:
                fake.script.append(step)
            found.append(what_became(vendor, fake, provider, request_for(vendor, operation)))
            provider.close()
    return found


def operations_of(vendor: Vendor) -> list[str]:
    """What it can be asked for, of pictures."""
    return [operation for operation in PICTURES if model_for(vendor, operation) is not None]


def contract_rows(vendor: Vendor) -> list[str]:
    """The lines of one vendor."""
    return [
        f"| `{vendor.name}` | {PICTURES[operation]} | " + " | ".join(outcomes(vendor, operation)) + " |"
        for operation in operations_of(vendor)
    ]


def contract_table() -> str:
    """Every vendor, every operation, every case."""
    lines = ["| Provider | Makes | " + " | ".join(CASES) + " |", "|" + "---|" * (2 + len(CASES))]
    for name in NAMES:
        lines += contract_rows(next(vendor for vendor in VENDORS if vendor.name == name))
    return "\n".join(lines)


def shown(page: str, name: str) -> str:
    """What stands in the page between the marks of a table."""
    found = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", page, re.DOTALL)
    assert found is not None, f"docs/providers.md has no place for the table `{name}`"
    return found[1]


def written(page: str, name: str, table: str) -> str:
    """The page with the table in its place."""
    return page.replace(f"<!-- {name} -->\n{shown(page, name)}", f"<!-- {name} -->\n{table}")


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    text = written(written(text, "models", models_table()), "contract", contract_table())
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"written: {PAGE.name}\n")
