"""Jobs that ask for the like share one call: each has its own picture, and no cent is lost or booked twice."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from failpoints import run_program, was_killed
from generation_builders import PRICE, CountingProvider, charges, coin, ledger_sums, open_generation
from hypothesis import given
from hypothesis import strategies as st
from vendor_cases import OPENAI, wire_coin

from generation.engine.recovery import settle_dead
from generation.errors import AmbiguousOutcomeError, ContentRejectedError, ProviderFailedError, RateLimitedError
from generation.ledger import jobs
from generation.ledger.sharing import dealt, is_shared, names_of_call, share_names
from generation.money import from_micro_dollars, micro_dollars, split
from generation.providers.base import Health
from generation.result import Cost
from generation.specs.model import Integration

FREE = Decimal(0)


@pytest.fixture
def fake(tmp_path):
    return CountingProvider(tmp_path / "charges", most=4)


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def variant(name, **changes):
    parameters = {"size": "16x16", "variant": name} | changes.pop("parameters", {})
    place = Integration(manifest_path=f"coins/{name}.png")
    return coin(id=f"coin-{name}", parameters=parameters, integration=place, **changes)


def three():
    return [variant("a"), variant("b"), variant("c")]


def one_by_one(root, fake, **options):
    return open_generation(root, fake, workers=1, **options)


def test_variants_of_the_same_words_are_made_by_one_call_each_with_a_picture_of_its_own(root, fake):
    with open_generation(root, fake) as generation:
        done = generation.generate(three())
        assert [(job.state, job.outcome, job.spent) for job in done.jobs] == [("done", "made", PRICE)] * 3
        assert [request.n for request in fake.seen] == [3]
        assert len({job.assets[0] for job in done.jobs}) == 3
        assert all((root / f"assets/coins/{name}.png").is_file() for name in "abc")
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
        shares = [
            [one["shared_by"] for one in generation.job(job.id).to_json(whole=True)["attempts"]] for job in done.jobs
        ]
        assert shares == [[3]] * 3
    assert len(charges(fake.books)) == 1


def test_each_of_them_is_known_again_whatever_it_is_asked_for_with(root, fake):
    with open_generation(root, fake) as generation:
        first = {job.spec_id: job.assets for job in generation.generate(three()).jobs}
        again = generation.generate([variant("c"), variant("a")]).jobs
        assert [(job.outcome, job.assets) for job in again] == [
            ("unchanged", first["coin-c"]),
            ("unchanged", first["coin-a"]),
        ]
        (new,) = generation.generate([variant("d")]).jobs
        assert new.assets[0] not in {assets[0] for assets in first.values()}
    assert [request.n for request in fake.seen] == [3, 1]


def test_without_a_variant_the_same_words_are_bought_once_for_all(root, fake):
    with open_generation(root, fake) as generation:
        done = generation.generate([coin(), coin(id="twin"), variant("a")]).jobs
        assert done[0].assets == done[1].assets != done[2].assets
        assert ledger_sums(generation)[0] == PRICE * 2
    assert [request.n for request in fake.seen] == [2]


def test_bought_anew_by_force_each_has_its_own_and_keeps_it(root, fake):
    twins = [coin(), coin(id="twin")]
    with open_generation(root, fake) as generation:
        forced = generation.generate(twins, force=True).jobs
        assert [request.n for request in fake.seen] == [2]
        assert forced[0].assets != forced[1].assets
        again = generation.generate(twins).jobs
        assert [job.assets for job in again] == [job.assets for job in forced]
    assert len(charges(fake.books)) == 1


@pytest.mark.parametrize(
    ("specs", "calls"),
    [
        ([variant("a"), variant("b", prompt="a gem")], [1, 1]),
        ([variant("a"), variant("b", parameters={"size": "32x32"})], [1, 1]),
        ([variant("a", parameters={"n_variations": 2}), variant("b", parameters={"n_variations": 2})], [4]),
        ([variant("a", parameters={"n_variations": 3}), variant("b", parameters={"n_variations": 3})], [3, 3]),
        ([variant("a", parameters={"n_variations": 2}), variant("b")], [1, 2]),
        ([variant(name) for name in "abcdefghij"], [2, 4, 4]),
        ([variant("a", providers=("fake", "local")), variant("b")], [1, 1]),
    ],
)
def test_only_what_is_the_same_but_for_its_variant_is_asked_for_together_and_as_much_as_a_call_gives(
    root, fake, specs, calls
):
    with one_by_one(root, fake) as generation:
        assert {job.state for job in generation.generate(specs).jobs} == {"done"}
    assert sorted(request.n for request in fake.seen) == sorted(calls)


def test_where_a_seed_is_sent_each_is_asked_for_alone(root, tmp_path):
    fake = CountingProvider(tmp_path / "charges", accepts=frozenset({"size", "n", "seed"}))
    with one_by_one(root, fake) as generation:
        generation.generate([variant("a", parameters={"seed": 7}), variant("b", parameters={"seed": 7})])
    assert [(request.n, request.seed) for request in fake.seen] == [(1, 7), (1, 7)]


@given(micro=st.integers(0, 10**9), weights=st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_the_shares_of_an_amount_are_whole_micro_dollars_that_add_up_to_it(micro, weights):
    amount = from_micro_dollars(micro)
    shares = split(amount, weights)
    assert sum(shares, FREE) == amount
    assert all(share == from_micro_dollars(micro_dollars(share)) >= 0 for share in shares)
    total = sum(weights)
    for share, weight in zip(shares, weights, strict=True):
        fair = micro * weight / total if total else micro / len(weights)
        assert abs(micro_dollars(share) - fair) < len(weights)
        assert share == FREE or weight or not total


@given(outputs=st.integers(0, 30), shares=st.integers(1, 10))
def test_of_what_a_call_gave_everything_is_dealt_once_and_as_evenly_as_may_be(outputs, shares):
    hands = dealt(range(outputs), shares)
    assert sorted(item for hand in hands for item in hand) == list(range(outputs))
    assert max(map(len, hands)) - min(map(len, hands)) <= 1


@given(call=st.from_regex(r"callsheet-[0-9a-f]{32}", fullmatch=True), shares=st.integers(1, 30))
def test_from_each_name_of_a_call_all_are_known(call, shares):
    names = share_names(call, shares)
    assert len(set(names)) == shares
    assert all(names_of_call(name) == names for name in names)
    assert all(is_shared(name) == (shares > 1) for name in names)


def test_an_odd_cost_is_shared_out_to_the_micro_dollar(root, fake):
    fake.told = Cost(Decimal("0.100000"), "reported")
    with open_generation(root, fake) as generation:
        done = generation.generate(three()).jobs
        assert sorted(job.spent for job in done) == [Decimal("0.033333"), Decimal("0.033333"), Decimal("0.033334")]
        assert ledger_sums(generation) == (Decimal("0.100000"), FREE, FREE)


def test_who_got_nothing_of_too_few_pays_nothing_and_is_made_by_a_call_of_its_own(root, fake):
    def too_few():
        fake.told = Cost(PRICE * 2, "reported")

    class Stingy(CountingProvider):
        def _result(self, request):
            found = super()._result(request)
            object.__setattr__(found, "outputs", found.outputs[:2])
            return found

    stingy = Stingy(fake.books, most=4, script=[too_few])
    with one_by_one(root, stingy) as generation:
        done = generation.generate(three()).jobs
        assert [job.state for job in done] == ["done"] * 3
        assert len({job.assets[0] for job in done}) == 3
        assert [attempt.cost for attempt in generation.job(done[2].id).attempts] == [FREE, PRICE]
    assert [request.n for request in stingy.seen] == [3, 1]


def test_too_small_a_budget_makes_the_call_smaller_and_refuses_the_rest(root, fake):
    with one_by_one(root, fake, budget="0.09") as generation:
        done = generation.generate(three()).jobs
        assert [job.state for job in done] == ["done", "done", "refused"]
        assert ledger_sums(generation) == (PRICE * 2, FREE, FREE)
    assert [request.n for request in fake.seen] == [2]


def test_the_limit_of_one_spec_leaves_it_out_and_the_others_share(root, fake):
    specs = [variant("a"), variant("b", max_cost=Decimal("0.01")), variant("c")]
    with one_by_one(root, fake) as generation:
        assert [job.state for job in generation.generate(specs).jobs] == ["done", "refused", "done"]
    assert [request.n for request in fake.seen] == [2]


def test_a_failure_that_cost_nothing_is_tried_again_together(root, fake):
    fake.script.append(RateLimitedError("slow down", provider="fake"))
    with one_by_one(root, fake) as generation:
        assert {job.state for job in generation.generate(three()).jobs} == {"done"}
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
    assert [request.n for request in fake.seen] == [3, 3]


@pytest.mark.parametrize("kind", [ProviderFailedError, ContentRejectedError])
def test_a_failure_that_was_charged_is_that_of_all_and_is_bought_again_only_when_asked(root, fake, kind):
    fake.script.append(kind("nothing came of it", charged="yes"))
    with one_by_one(root, fake) as generation:
        done = generation.generate(three()).jobs
        assert [(job.state, job.error["message"]) for job in done] == [("failed", "nothing came of it")] * 3
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
        assert len(fake.seen) == 1
        assert [job.state for job in generation.run([done[1].id, done[2].id])] == ["done", "done"]
    assert [request.n for request in fake.seen] == [3, 2]


def lost(root, fake):
    fake.script.append(AmbiguousOutcomeError("the answer was lost", provider="fake"))
    return open_generation(root, fake)


def test_a_lost_answer_makes_all_of_them_unknown_and_none_is_sent_again(root, fake):
    with lost(root, fake) as generation:
        assert {job.state for job in generation.generate(three()).jobs} == {"unknown"}
        assert {job.state for job in generation.generate(three()).jobs} == {"unknown"}
        assert ledger_sums(generation) == (FREE, FREE, PRICE * 3)
    assert len(fake.seen) == 1


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_was_charged_for_a_lost_call_is_said_once_for_all_of_them(root, fake, which):
    with lost(root, fake) as generation:
        done = generation.generate(three()).jobs
        generation.resolve(done[which].id, charged=Decimal("0.11"))
        assert {generation.job(job.id).state for job in done} == {"failed"}
        assert ledger_sums(generation) == (Decimal("0.11"), FREE, FREE)
        assert {job.state for job in generation.run([job.id for job in done])} == {"done"}
        assert ledger_sums(generation) == (Decimal("0.11") + PRICE * 3, FREE, FREE)
    assert [request.n for request in fake.seen] == [3, 3]


@pytest.mark.parametrize("which", [0, 2])
def test_that_a_lost_call_was_not_charged_is_said_once_for_all_of_them(root, fake, which):
    with lost(root, fake) as generation:
        done = generation.generate(three()).jobs
        generation.resolve(done[which].id, not_charged=True)
        assert {generation.job(job.id).state for job in done} == {"queued"}
        assert {job.state for job in generation.run()} == {"done"}
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)


@pytest.mark.parametrize("which", [0, 2])
def test_what_the_provider_remembers_of_a_lost_call_is_for_all_of_them(root, fake, which):
    with lost(root, fake) as generation:
        done = generation.generate(three()).jobs
        fake.can_recover = True
        assert generation.resolve(done[which].id, poll=True).state == "done"
        generation.run()
        ended = [generation.job(job.id) for job in done]
        assert [job.state for job in ended] == ["done"] * 3
        assert len({job.assets[0] for job in ended}) == 3
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
    assert len(fake.seen) == 1


def test_what_another_bought_for_a_job_does_although_its_own_chain_would_begin_elsewhere_by_then(root, fake, tmp_path):
    """The first provider is away while the call is made, and well again when the others come to their turn."""
    away = CountingProvider(tmp_path / "others", name="first", most=4, health=Health("unwell", "away"))
    specs = [variant(name, providers=("first", "fake")) for name in "abc"]

    def well_again():
        away.health = Health("ready", "well")

    fake.script.append(well_again)
    with open_generation(root, fake, away, workers=1) as generation:
        done = generation.generate(specs).jobs
        assert [(job.state, job.outcome, job.spent) for job in done] == [("done", "made", PRICE)] * 3
        made = [generation.context.gallery.get(job.assets[0]).generation["provider"] for job in done]
        assert made == ["fake"] * 3
    assert (len(fake.seen), away.seen) == (1, [])


def test_one_that_is_cancelled_while_the_provider_works_leaves_the_call_to_the_others(root, fake):
    fake.script.append("pending")
    fake.polls = 1000
    with one_by_one(root, fake, call_seconds=0.0) as generation:
        done = generation.generate(three()).jobs
        assert {job.state for job in done} == {"waiting"}
        generation.cancel(done[0].id)
    fake.polls = 0
    with one_by_one(root, fake) as generation:
        ended = generation.run([done[1].id, done[2].id])
        assert [job.state for job in ended] == ["done", "done"]
        assert generation.job(done[0].id).state == "cancelled"
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
    assert len(fake.seen) == 1


MAKE = """
    from generation_builders import CountingProvider, coin, open_generation
    fake = CountingProvider(Path(sys.argv[3]), most=4, script=['pending'] if sys.argv[4] == 'polled' else [])
    specs = [coin(id=f"coin-{name}", parameters={"size": "16x16", "variant": name}) for name in "abc"]
    with open_generation(root, fake, gallery=gallery, workers=1) as generation:
        generation.generate(specs)
"""
NOTHING_SENT = ["generation.ledger.purchasing:reserve after 1", "generation.ledger.purchasing:mark_sent before 1"]
SENT = ["generation.ledger.purchasing:mark_sent after 1", "generation_builders:charge after 1"]
NAMED = ["generation.ledger.purchasing:mark_pending after 1", "generation.engine.keeping:keep before 1"]
KEPT = [
    "generation.engine.keeping:keep after 1",
    "generation.ledger.purchasing:settle before 1",
    "generation.ledger.purchasing:settle after 1",
    "generation.engine.placing:take_made before 1",
    "generation.engine.placing:take_made after 2",
]


def killed(root, books, point, how="direct"):
    done = run_program(MAKE, root, books, how, point=point)
    assert was_killed(done), done.stderr


def specs():
    return [coin(id=f"coin-{name}", parameters={"size": "16x16", "variant": name}) for name in "abc"]


@pytest.mark.slow
@pytest.mark.parametrize("point", NOTHING_SENT)
def test_killed_before_it_was_sent_all_are_made_later_by_one_call(root, fake, point):
    killed(root, fake.books, point)
    with one_by_one(root, fake) as generation:
        assert [job.state for job in generation.run()] == ["done"] * 3
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
    assert [request.n for request in fake.seen] == [3]


@pytest.mark.slow
@pytest.mark.parametrize("point", SENT)
def test_killed_after_it_was_sent_all_are_unknown_and_decided_together(root, fake, point):
    killed(root, fake.books, point)
    with one_by_one(root, fake) as generation:
        assert generation.run() == []
        assert {job.state for job in generation.queue()} == {"unknown"}
        assert ledger_sums(generation) == (FREE, FREE, PRICE * 3)
        assert {job.state for job in generation.generate(specs()).jobs} == {"unknown"}
        generation.resolve("j2", charged=PRICE * 3)
        assert [generation.job(f"j{key}").state for key in (1, 2, 3)] == ["failed"] * 3
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
    assert fake.seen == []


@pytest.mark.slow
@pytest.mark.parametrize("point", NAMED)
def test_killed_while_the_provider_works_on_it_it_is_asked_for_once_for_all(root, fake, point):
    killed(root, fake.books, point, "polled")
    fake.polls = 0
    with one_by_one(root, fake) as generation:
        assert [job.state for job in generation.run()] == ["done"] * 3
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
    assert (fake.seen, fake.polled) == ([], 1)
    assert len(charges(fake.books)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("point", KEPT)
def test_killed_after_it_was_kept_each_is_placed_and_no_call_is_made(root, fake, point):
    killed(root, fake.books, point)
    with one_by_one(root, fake) as generation:
        generation.run()
        done = generation.generate(specs()).jobs
        assert [job.state for job in done] == ["done"] * 3
        assert len({job.assets[0] for job in done}) == 3
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)
        assert [item for item in generation.context.gallery.doctor() if item.severity == "error"] == []
    assert fake.seen == []
    assert len(charges(fake.books)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["j1", "j2", "j3"])
def test_each_of_them_is_known_by_the_one_record_of_the_call(root, fake, name):
    killed(root, fake.books, KEPT[0])
    with one_by_one(root, fake) as generation:
        (attempt,) = jobs.get_job(generation.context.book, name).attempts
        settle_dead(generation.context, attempt)
        assert ledger_sums(generation) == (PRICE * 3, FREE, FREE)


def test_over_the_wire_it_is_one_request_with_so_many_pictures_and_its_cost_is_shared_out(root, tmp_path):
    variants = [replace(wire_coin(OPENAI), id=f"coin-{name}") for name in "ab"]
    variants = [replace(spec, parameters={**spec.parameters, "variant": spec.id}) for spec in variants]
    with OPENAI.fake(tmp_path / "charges") as server, open_generation(root, OPENAI.provider(server)) as generation:
        done = generation.generate(variants).jobs
        assert [job.state for job in done] == ["done", "done"]
        (seen,) = server.submissions
        assert (json.loads(seen.body)["n"], b"variant" in seen.body) == (2, False)
        spent = [job.spent for job in done]
        assert (sum(spent, FREE), max(spent) - min(spent) <= Decimal("0.000001")) == (ledger_sums(generation)[0], True)
    assert server.charges == 1
