import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models.excitation import LENGTH, Noise, Spectra, pulses  # noqa: E402


def test_pulses_have_the_pitch_that_is_asked_for_and_power_one() -> None:
    sound = pulses(torch.full((1, 100), 200.0), torch.ones(1, 100))[0].numpy()
    spectrum = np.abs(np.fft.rfft(sound))
    assert spectrum[1:300].argmax() + 1 == 200, "a second of 16000 samples: a bin for each Hz"
    assert spectrum[:199].max() < 0.01 * spectrum[200]
    assert float(np.mean(sound**2)) == pytest.approx(1.0, abs=0.05)


def test_pulses_go_on_where_the_pitch_changes_and_stop_where_nothing_is_voiced() -> None:
    hertz = torch.linspace(100.0, 240.0, 60)[None]
    voiced = torch.ones(1, 60)
    voiced[:, 30:40] = 0.0
    sound = pulses(hertz, voiced)[0]
    assert (sound[30 * 160 : 40 * 160] == 0.0).all()
    peaks = np.flatnonzero(sound.numpy() > 0.4 * float(sound.max()))
    apart = np.diff(peaks[peaks < 30 * 160])
    assert apart[apart > 20].max() < 170, "no period is left out at the seam of two frames"


def test_sound_comes_back_from_its_spectra() -> None:
    sound = torch.randn(2, 1600, generator=torch.Generator().manual_seed(0))
    spectra = Spectra()
    found = spectra(sound)
    assert found.shape == (2, LENGTH + 2, 20)
    assert torch.allclose(spectra.sound(found)[:, 240:-240], sound[:, 240:-240], atol=1e-4)


def test_noise_is_repeated_only_where_nothing_learns() -> None:
    noise, like = Noise(), torch.zeros(1, 40000)
    noise.eval()
    assert torch.equal(noise(like), noise(like))
    assert float(noise(like).var()) == pytest.approx(1.0, abs=0.05)
    noise.train()
    assert not torch.equal(noise(like), noise(like))
