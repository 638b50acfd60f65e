"""What to do for models that are not here: one command for what can be fetched, a licence accepted in so many words."""

from weights import default_manifest
from weights.remedy import fetch_command, remedy_commands, ways_to_get

MODELS = default_manifest().models
FREE = [model for model in MODELS if model.own is None and model.licence.commercial]
BOUND = [model for model in MODELS if model.own is None and not model.licence.commercial]
OWN = [model for model in MODELS if model.own is not None]


def test_free_models_are_fetched_by_name_and_nothing_is_accepted() -> None:
    assert fetch_command(FREE[:2]) == f"discreet weights fetch {FREE[0].id} {FREE[1].id}"


def test_a_licence_for_non_commercial_use_is_accepted_by_name() -> None:
    command = fetch_command([FREE[0], BOUND[0]])
    assert f"--accept {BOUND[0].id}" in command
    assert f"--accept {FREE[0].id}" not in command
    assert "non-commercial" in command


def test_what_must_be_brought_by_hand_is_never_in_the_command() -> None:
    (line,) = remedy_commands([OWN[0]]).splitlines()
    assert "weights fetch" not in line
    assert OWN[0].id in line
    assert remedy_commands([FREE[0], OWN[0]]).splitlines()[0] == fetch_command([FREE[0]])


def test_the_long_form_says_where_each_file_is_and_how_to_do_without_a_network() -> None:
    text = ways_to_get(default_manifest(), [FREE[0]])
    assert all(file.name in text for file in FREE[0].wanted[:3])
    assert fetch_command([FREE[0]]) in text
    assert "DISCREET_WEIGHTS" in text
