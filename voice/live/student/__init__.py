"""The live converter that is learned: what is said through a narrow code, said again by FARGAN in another voice.

Sound becomes cepstra, a causal network makes of them codes of which there are few, and of the codes the cepstra of the
voice that is wanted; the pitch moves as it did, in that voice's range. Training is in ``training`` (the extra ``lab``).
"""

from voice.live.student.cepstra import AHEAD, CEPSTRA, StreamingCepstra, centred, usual_centre
from voice.live.student.converter import StudentConverter
from voice.live.student.network import MEMORIES, PAST, STEP, VOICE, Student, StudentVoice, stacked, voice_of
from voice.live.student.shipped import StudentVoices, card, shipped_converter, ships

__all__ = [
    "AHEAD",
    "CEPSTRA",
    "MEMORIES",
    "PAST",
    "STEP",
    "VOICE",
    "StreamingCepstra",
    "Student",
    "StudentConverter",
    "StudentVoice",
    "StudentVoices",
    "card",
    "centred",
    "shipped_converter",
    "ships",
    "stacked",
    "usual_centre",
    "voice_of",
]
