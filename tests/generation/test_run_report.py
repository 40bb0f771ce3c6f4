"""The report of a run counts what there is, says what failed, and shows foreign text as text."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from generation.money import text_of, usd
from generation.run_report import run_report


def job(spec_id="coin", status="done", **more):
    return {
        "id": "j1",
        "spec_id": spec_id,
        "status": status,
        "provider": "openai",
        "model": "gpt-image-2",
        "cost": "0.04",
        "assets": ["a0123456789abcdef"],
        "outcome": "made",
        "stand_in": False,
        "error": None,
        "created_at": "2026-11-21T09:30:00Z",
        "finished_at": "2026-11-21T09:31:10.500000Z",
    } | more


ALPHA = {"asset": "a0123456789abcdef", "code": "has_alpha", "passed": False, "detail": "there is no alpha channel"}
BLANK = {"asset": "a0123456789abcdef", "code": "not_blank", "passed": True, "detail": ""}
REFUSED = job(
    "hero",
    "refused",
    cost="0.00",
    assets=[],
    outcome=None,
    error={"code": "budget", "message": "0.24 is more than the 0.10 that are left", "hint": "raise generation.budget"},
    finished_at="2026-11-21T09:32:00Z",
)
ANSWER = {"jobs": [job(checks=[ALPHA, BLANK]), job("sky", "unknown", cost=None, assets=[]), REFUSED], "spent": "0.04"}


def test_a_report_counts_what_was_made_what_it_cost_and_how_long_it_took() -> None:
    body = run_report(ANSWER).to_json()
    assert (body["total"], body["made"], body["spent"], body["unknown_costs"]) == (3, 1, "0.04", 1)
    assert body["by_status"] == {"done": 1, "refused": 1, "unknown": 1}
    assert (body["started_at"], body["finished_at"], body["seconds"]) == (
        "2026-11-21T09:30:00Z",
        "2026-11-21T09:32:00Z",
        120.0,
    )
    assert body["jobs"][0]["seconds"] == 70.5
    assert body["checks"] == {"passed": 1, "failed": [{"spec_id": "coin", **ALPHA}]}
    assert [(each["spec_id"], each["code"]) for each in body["failures"]] == [("sky", None), ("hero", "budget")]
    assert json.loads(json.dumps(body)) == body


def test_a_report_reads_like_this() -> None:
    assert run_report(ANSWER).to_markdown() == (
        "# Generation run\n\n"
        "- Jobs: 3 (1 done, 1 refused, 1 unknown)\n"
        "- Assets: 1\n"
        "- Spent: 0.04 USD, and 1 of unknown cost\n"
        "- Time: 2 min 0 s, from 2026-11-21T09:30:00Z to 2026-11-21T09:32:00Z\n"
        "- Checks: 1 passed, 1 failed\n\n"
        "## Jobs\n\n"
        "| Spec | Status | By | Cost | Time | Assets |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
        "| coin | done, made | openai gpt-image-2 | 0.04 | 1 min 10 s | a0123456789abcdef |\n"
        "| sky | unknown, made | openai gpt-image-2 | unknown | 1 min 10 s |  |\n"
        "| hero | refused | openai gpt-image-2 | 0.00 | 2 min 0 s |  |\n\n"
        "## Checks that failed\n\n"
        "| Spec | Asset | Check | Why |\n"
        "| --- | --- | --- | --- |\n"
        "| coin | a0123456789abcdef | has\\_alpha | there is no alpha channel |\n\n"
        "## What did not work\n\n"
        "- sky, unknown\n"
        "- hero, refused: budget: 0.24 is more than the 0.10 that are left (raise generation.budget)\n"
    )


def test_a_run_of_nothing_has_a_report() -> None:
    body = run_report({"jobs": [], "spent": "0.00"}).to_json()
    assert (body["total"], body["seconds"], body["made"]) == (0, None, 0)
    assert "Jobs: 0 (none)" in run_report({}).to_markdown()


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**7))))
def test_what_is_spent_is_the_sum_of_what_is_known(amounts) -> None:
    costs = [None if amount is None else text_of(usd(f"{amount / 10**6:.6f}")) for amount in amounts]
    body = run_report({"jobs": [job(cost=cost) for cost in costs]}).to_json()
    assert usd(body["spent"]) == sum(usd(cost) for cost in costs if cost is not None)
    assert body["unknown_costs"] == costs.count(None)


@given(st.text(max_size=40))
def test_foreign_text_adds_no_line_cell_link_or_tag_to_the_report(text) -> None:
    plain = run_report({"jobs": [job("x", "failed", error={"code": "c", "message": "x", "hint": None})]}).to_markdown()
    error = {"code": "c", "message": text + " [a](http://b) <img>", "hint": None}
    shown = run_report({"jobs": [job(f"{text}|<b>", "failed", error=error)]}).to_markdown()
    assert shown.count("\n") == plain.count("\n")
    for line, other in zip(shown.splitlines(), plain.splitlines(), strict=True):
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == len(re.findall(r"(?<!\\)(?:\\\\)*\|", other))
        assert re.search(r"(?<!\\)(?:\\\\)*[<\[]", line) is None
