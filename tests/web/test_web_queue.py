"""`/queue`, and having things made from the pages: price first, progress, what came of it; hostile texts; keys."""

from decimal import Decimal

import pytest
from browsing import complaints, site
from fake_openai import FakeOpenAI, error
from fake_wire import KEY, drop_after_acceptance

from generation.engine.control import Stop
from generation.job_words import UNKNOWN_CHOICES

pytestmark = pytest.mark.slow

SHOT = "/resolve?location=loc:dungeon_entrance&hero=npc:alex&enemy=npc:boss_01"
PHONE = {"viewport": {"width": 320, "height": 640}}
HOSTILE = '<img src=x onerror="document.title=1"></script>\u202egnp.\u200b'
LONG = 40_000  # milliseconds: making things takes its time on a busy machine


@pytest.fixture
def fake(monkeypatch, tmp_path):
    """OpenAI on this machine; to be asked for before the server."""
    with FakeOpenAI(tmp_path / "charges") as server:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        yield server


def left_queued(workspace, spec="headmistress", providers=("local",)):
    """A job of a run that was stopped before it began; its id."""
    stop = Stop()
    stop.set()
    making = workspace.generation
    (job,) = making.generate(making.adjusted([workspace.specs[spec]], providers=providers, n=None), stop=stop).jobs
    return job.id


def lost(fake, workspace):
    """A job whose call was sent, and of which nobody knows more; its id."""
    fake.script.append(drop_after_acceptance)
    return workspace.generate(workspace.specs["headmistress"], providers=["openai"]).id


def offered(page):
    """The dialog with the price."""
    dialog = page.get_by_role("dialog")
    dialog.locator(".offer").first.wait_for()
    return dialog


def confirm(dialog):
    dialog.locator(".dialog-foot .primary").click()


# having something made


def test_a_shot_is_resolved_offered_made_offline_and_found_in_the_gallery(visit, served, address):
    page, _ = visit(address + SHOT)
    assert page.get_by_label("Operation").input_value() == "fusion"
    page.get_by_role("button", name="Generate…").click()
    dialog = offered(page)
    for text in ("A stand-in: this machine draws it", "local:placeholder", "nothing", "$100.00 of $100.00 is left"):
        assert dialog.get_by_text(text).first.is_visible(), text
    assert complaints(page) == []
    dialog.get_by_role("button", name="Make a stand-in").click()
    page.get_by_role("link", name="Open what was made").wait_for(timeout=LONG)
    assert page.locator(".making").get_by_text("stand-in").is_visible()
    assert complaints(page) == []
    page.get_by_role("link", name="Open what was made").click()
    page.wait_for_url("**/a/*")
    made = served[1].gallery.get(page.url.rpartition("/a/")[2]).asset
    assert {"npc:alex", "npc:boss_01", "loc:dungeon_entrance", "stand-in"} <= set(made.tags)
    page.goto(f"{address}/?q=stand-in")
    page.locator(f'[data-id="{made.id}"], a[href*="{made.id}"], img[src*="{made.id}"]').first.wait_for()


def test_what_is_written_last_is_what_is_made(visit, served, address):
    page, _ = visit(f"{address}/resolve?hero=npc:alex&op=text_to_image")
    page.get_by_label("Prompt of the call").fill("a lantern in the rain")
    page.get_by_role("button", name="Generate…").click()
    confirm(offered(page))
    page.get_by_role("link", name="Open what was made").wait_for(timeout=LONG)
    (job,) = served[1].generation.queue(everything=True)
    assert job.asked["spec"]["prompt"] == "a lantern in the rain"


def test_the_price_follows_the_provider_and_pressing_twice_buys_once(fake, visit, served, address):
    page, _ = visit(address + SHOT)
    page.locator("h1").first.wait_for(state="attached")
    page.keyboard.press("m")
    dialog = offered(page)
    dialog.get_by_label("Provider").select_option("openai")
    button = dialog.get_by_role("button", name="Generate for at most $0.")
    button.wait_for()
    assert dialog.get_by_text("openai:gpt-image").is_visible()
    assert not dialog.get_by_text("A stand-in").is_visible()
    button.dblclick()
    page.get_by_role("link", name="Open what was made").wait_for(timeout=LONG)
    assert page.locator(".making").get_by_text("Made for $0.").is_visible()
    assert fake.charges == 1
    page.get_by_role("button", name="Dismiss").click()
    page.get_by_role("button", name="Generate…").click()
    dialog = offered(page)
    dialog.get_by_label("Provider").select_option("openai")
    dialog.get_by_text("nothing: the same was bought before").wait_for()


def test_a_budget_that_says_no_is_told_before_anything_is_sent(fake, visit, demo):
    (demo / "callsheet.toml").write_text('[generation]\nbudget = "0.01"\n')
    with site(demo) as (address, _):
        page, _ = visit(address + SHOT)
        page.get_by_role("button", name="Generate…").click()
        dialog = offered(page)
        dialog.get_by_label("Provider").select_option("openai")
        dialog.get_by_text("the budget of").wait_for()
        assert dialog.locator(".dialog-foot .primary").is_disabled()
        assert dialog.get_by_text("raise it in callsheet.toml").is_visible()
        page.close()
    assert fake.charges == 0


def test_a_failure_is_told_with_its_hint_as_text(fake, visit, address):
    fake.script.append(error(400, f"no {HOSTILE}", code="moderation_blocked"))
    page, _ = visit(address + SHOT)
    page.get_by_role("button", name="Generate…").click()
    dialog = offered(page)
    dialog.get_by_label("Provider").select_option("openai")
    dialog.get_by_role("button", name="Generate for at most").click()
    alert = page.locator(".making").get_by_role("alert")
    alert.wait_for(timeout=LONG)
    assert "onerror" in alert.inner_text()
    assert alert.locator("p").count() == 3
    assert page.locator("img[src=x]").count() == 0
    assert complaints(page) == []
    page.get_by_role("link", name="To the queue").click()
    page.locator("#job-j1:focus").wait_for()
    assert page.locator("#job-j1").get_by_text("onerror").is_visible()


def test_a_picture_that_was_made_here_is_made_again(visit, served, address):
    job = served[1].generate(served[1].specs["headmistress"], providers=["local"])
    page, _ = visit(f"{address}/a/{job.assets[0]}")
    page.get_by_role("link", name="Job j1").wait_for()
    page.get_by_role("button", name="Make again…").click()
    confirm(offered(page))
    page.get_by_role("link", name="Open what was made").wait_for(timeout=LONG)
    assert len(served[1].generation.queue(everything=True)) == 2
    page.locator(".operations button", has_text="Generate…").first.click()
    offered(page)


# the queue


def test_an_empty_queue_names_the_next_act(visit, address):
    page, _ = visit(f"{address}/queue")
    page.get_by_role("heading", name="Nothing was made yet").wait_for()
    page.get_by_role("link", name="Resolve a shot").click()
    page.wait_for_url("**/resolve")


def test_a_job_is_cancelled_and_gone_on_with(visit, served, address):
    left_queued(served[1])
    page, _ = visit(f"{address}/queue")
    page.get_by_role("button", name="Cancel j1").click()
    page.locator("#lane-failed #job-j1").get_by_text("cancelled").wait_for()
    assert served[1].generation.job("j1").state == "cancelled"
    page.get_by_role("button", name="Try j1 again").click()
    page.locator("#lane-done #job-j1").wait_for(timeout=LONG)
    assert page.locator("#job-j1").get_by_role("link", name="Open headmistress.png").is_visible()


def test_what_happens_elsewhere_appears_by_itself(visit, served, address):
    page, _ = visit(f"{address}/queue")
    page.get_by_role("heading", name="Nothing was made yet").wait_for()
    left_queued(served[1])
    page.locator("#lane-waiting #job-j1").wait_for(timeout=LONG)
    page.get_by_role("button", name="Go on with all").click()
    page.locator("#lane-done #job-j1").wait_for(timeout=LONG)


def test_an_unknown_call_is_explained_and_settled_as_charged(fake, visit, served, address):
    job = lost(fake, served[1])
    page, watch = visit(f"{address}/queue")
    lane = page.locator("#lane-unknown")
    for choice in UNKNOWN_CHOICES:
        assert lane.get_by_role("button", name=choice.title).is_visible()
        assert lane.get_by_text(choice.meaning).is_visible(), choice
    assert complaints(page) == []
    watch.allow("status of 4")
    lane.get_by_role("button", name="Ask the provider").click()
    page.get_by_text("cannot tell what became of the call").wait_for(timeout=LONG)
    lane.get_by_role("button", name="It was charged…").click()
    amount = page.get_by_label("US dollars")
    amount.fill("a lot")
    page.get_by_role("button", name="Book it").click()
    page.locator("#amount-fault").get_by_text("charged").wait_for()
    amount.fill("$0.02")
    page.get_by_role("button", name="Book it").click()
    page.locator(f"#lane-failed #job-{job}").get_by_text("charged $0.02").wait_for(timeout=LONG)
    page.locator("#money").get_by_text("$0.02").first.wait_for()
    assert lane.count() == 0
    assert served[1].costs().balance.spent == Decimal("0.02")


def test_an_unknown_call_that_was_not_charged_is_made_again(fake, visit, served, address):
    job = lost(fake, served[1])
    page, _ = visit(f"{address}/queue")
    page.get_by_role("button", name="It was not charged").click()
    page.get_by_role("dialog").get_by_text("would be paid twice").wait_for()
    page.get_by_role("button", name="Make it again").click()
    page.locator(f"#lane-done #job-{job}").wait_for(timeout=LONG)


def test_the_queue_is_worked_with_keys(fake, visit, served, address):
    made = lost(fake, served[1])
    jobs = [left_queued(served[1]), left_queued(served[1])]
    page, _ = visit(f"{address}/queue")
    page.locator("#lane-waiting .job").first.wait_for()
    page.keyboard.press("u")
    page.locator(f"#job-{made}:focus").wait_for()
    page.keyboard.press("j")
    page.locator(f"#job-{jobs[1]}:focus").wait_for()
    page.keyboard.press("j")
    page.locator(f"#job-{jobs[0]}:focus").wait_for()
    page.keyboard.press("k")
    page.keyboard.press("x")
    page.locator(f"#lane-failed #job-{jobs[1]}").wait_for(timeout=LONG)
    page.locator(f"#job-{jobs[0]}").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/queue/{jobs[0]}")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/queue")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_full_queue_has_no_complaints_and_one_column_on_a_phone(fake, visit, served, address, theme):
    workspace = served[1]
    lost(fake, workspace)
    fake.script.append(error(400, "refused", code="moderation_blocked"))
    workspace.generate(workspace.specs["pale-warden"], providers=["openai"])
    workspace.generate(workspace.specs["duel-at-the-gate"], providers=["local"])
    left_queued(workspace)
    page, _ = visit(f"{address}/queue", color_scheme=theme, **PHONE)
    page.locator("#lane-done .job").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
    for path in ("/queue/j1", "/queue/j3"):
        page.goto(address + path)
        page.get_by_role("heading", name="Decisions").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert complaints(page) == []


def test_hostile_texts_of_prompts_and_errors_are_text(fake, visit, served, address):
    workspace = served[1]
    fake.script.append(error(400, f"no {HOSTILE}{'x' * 5000}", code="moderation_blocked"))
    call = {
        "operation": "text_to_image",
        "asked": "text_to_image",
        "params": {"prompt": HOSTILE + "y" * 5000},
        "slots": [],
    }
    job = workspace.generate(call, providers=["openai"])
    assert job.state == "failed"
    for path in ("/queue", f"/queue/{job.id}"):
        page, _ = visit(address + path, **PHONE)
        page.get_by_text("onerror").first.wait_for()
        assert "\\u202e" in page.locator("main").inner_text()
        assert page.locator("img[src=x]").count() == 0
        assert page.title().startswith(("Queue", "j1"))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_who_may_only_read_is_offered_no_act(visit, demo):
    def check(token):
        return frozenset({"read"}) if token == "reader" else None

    with site(demo, tokens=check) as (address, workspace):
        left_queued(workspace)
        page, _ = visit(f"{address}/login?next=/queue")
        page.get_by_label("Token").fill("reader")
        page.get_by_role("button", name="Log in").click()
        page.locator("#job-j1").wait_for()
        assert page.locator("#lanes button").count() == 0
        page.goto(address + SHOT)
        page.locator("#parts").wait_for()
        assert page.get_by_role("button", name="Generate…").count() == 0
        page.close()
