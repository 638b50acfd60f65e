import numpy as np
import pytest

from voice.neural.features import CONTENT, ContentEncoder


@pytest.mark.models
def test_states_come_50_a_second_and_do_not_depend_on_what_follows_later(store, needs, media) -> None:
    import soundfile

    needs(store, "whisper-base")
    encoder = ContentEncoder.from_store(store)
    sound, _ = soundfile.read(next(media.glob("voices/vctk_p225/*.flac")), dtype="float32", stop=32000)
    states = encoder(sound)
    assert states.shape == (100, CONTENT)
    assert np.isfinite(states).all()
    start = encoder(sound[:24000])
    alike = np.corrcoef(start[:60].ravel(), states[:60].ravel())[0, 1]
    assert alike > 0.8
    other = np.corrcoef(start[:60].ravel(), states[30:90].ravel())[0, 1]
    assert alike > other + 0.2
    assert encoder(np.zeros(100, np.float32)).shape == (0, CONTENT)
