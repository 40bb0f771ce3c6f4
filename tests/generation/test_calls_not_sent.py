"""What cannot be asked as it stands is told before it is sent: nobody has to find out whether it was charged."""

from datetime import date

import pytest
from fake_wire import KEY
from sound_cases import EFFECTS, GOOGLE, OPENAI_SPEECH, SOUND_VENDORS
from vendor_cases import VENDORS, context, those_of

from generation.catalogue.loading import load_catalogue
from generation.errors import InvalidRequestError
from generation.providers.access import Access, Secret
from ontology.errors import CallsheetError

IN_JSON = [vendor for vendor in VENDORS if vendor.name != "stability"] + SOUND_VENDORS
PASSING_ALL_ON = [vendor for vendor in IN_JSON if vendor is not GOOGLE]


def refused(provider, request):
    with pytest.raises(InvalidRequestError) as caught:
        provider.submit(request, context())
    error = caught.value
    assert (error.charged, error.outcome_known, error.retryable) == ("no", True, False)
    return error


@pytest.mark.parametrize("value", [float("nan"), float("inf"), date(2026, 11, 21), b"x"], ids=repr)
@those_of(PASSING_ALL_ON)
def test_a_value_that_cannot_be_written_is_named_and_not_sent(vendor, fake, provider, value):
    error = refused(provider, vendor.request(extra={"guidance": value}))
    assert (error.field, fake.submissions) == ("extra", [])
    assert "cannot be written" in error.message


def of_the_project(vendor, fake, model, **fields):
    """A provider that knows one more model, as models.toml of a project declares it."""
    like = {} if model == vendor.model else {"like": f"{vendor.name}:{vendor.model}"}
    own = {f"{vendor.name}:{model}": like | fields}
    models = tuple(load_catalogue(settings=own).models.values())
    return vendor.adapter(models, Access(fake.base_url, Secret(KEY), "X_KEY"), trust_env=False)


@those_of([EFFECTS, GOOGLE])
def test_a_format_that_the_adapter_has_no_word_for_is_not_sent(vendor, fake):
    provider = of_the_project(vendor, fake, vendor.model, formats=["flac"])
    error = refused(provider, vendor.request(format="flac"))
    assert (error.field, error.code, fake.submissions) == ("format", "unsupported", [])


def test_a_family_of_voices_that_is_new_takes_voices_by_their_whole_names(tmp_path):
    with GOOGLE.fake() as fake:
        provider = of_the_project(GOOGLE, fake, "studio")
        assert refused(provider, GOOGLE.request(model="studio")).field == "voice"
        assert refused(provider, GOOGLE.request(model="studio", voice="O")).field == "voice"
        assert fake.submissions == []
        provider.submit(GOOGLE.request(model="studio", voice="en-US-Chirp3-HD-Kore"), context())
        assert fake.submissions[0].json["voice"]["name"] == "en-US-Chirp3-HD-Kore"


def test_a_model_without_a_format_is_no_model():
    with pytest.raises(CallsheetError, match="formats"):
        load_catalogue(settings={"openai:tts-9": {"like": f"openai:{OPENAI_SPEECH.model}", "formats": []}})


def test_a_fault_before_the_call_is_not_money(monkeypatch):
    """A slip of an adapter must not look as if something had been bought."""
    with EFFECTS.fake() as fake:
        provider = EFFECTS.provider(fake)
        monkeypatch.setattr(provider, "call", lambda *_: {}["nothing"])
        error = refused(provider, EFFECTS.request())
        assert (error.code, fake.submissions) == ("internal", [])
        assert "KeyError" in error.message
