"""Every route does what `/openapi.json` says of it, whatever it is asked within and beyond what that allows.

Seeded and bounded. A request that fits the shape may still be refused with 422: that a tag is known, a query can be
read or a collection exists, no schema can say.
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from api.app import create_app

pytestmark = pytest.mark.slow

EXAMPLES = 8
DESCRIBED = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_text(encoding="utf-8"))["paths"]
OPERATIONS = sorted(
    (operation["operationId"], path, method)
    for path, methods in DESCRIBED.items()
    for method, operation in methods.items()
)
REFUSED_BY_MEANING = ["2xx", "304", "401", "403", "404", "409", "412", "415", "422", "5xx"]

load_all_checks()


@pytest.fixture
def schema(context, workspace):
    context.stopping.set()  # streams end when they have told what there is
    app = create_app(replace(context, hosts=context.hosts | {"testserver"}))
    found = schemathesis.openapi.from_asgi("/openapi.json", app)
    found.config.checks.positive_data_acceptance.expected_statuses = REFUSED_BY_MEANING
    return found


def answered_as_described(operation, mode):
    """How many requests were answered; a failed check raises."""
    asked = []

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate()
        asked.append(case)

    ask()
    return len(asked)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "path", "method"), OPERATIONS, ids=[name for name, _, _ in OPERATIONS])
def test_an_operation_is_as_it_is_described(schema, name, path, method):
    assert len(CHECKS.get_all()) > 10
    assert answered_as_described(schema[path][method], GenerationMode.POSITIVE) >= 1
    if can_be_wrong(DESCRIBED[path][method]):
        assert answered_as_described(schema[path][method], GenerationMode.NEGATIVE) >= 1


def can_be_wrong(operation):
    """Whether anything that could be sent is of another shape: any text is an id or a name, or a part of a form."""
    parameters = [item["schema"] for item in operation.get("parameters", ()) if item["in"] == "query"]
    return "application/json" in operation.get("requestBody", {}).get("content", ()) or any(
        "minimum" in item for item in parameters
    )
