"""The first sentences of VCTK's readers: Fairbanks' Rainbow Passage and the Speech Accent Archive's text.

Equal sentences have equal numbers in the corpus; the two texts are common property of speech science.
"""

TEXTS = {
    3: "Six spoons of fresh snow peas, five thick slabs of blue cheese, and maybe a snack for her brother Bob.",
    5: "She can scoop these things into three red bags, and we will go meet her Wednesday at the train station.",
    8: "These take the shape of a long round arch, with its path high above, and its two ends apparently beyond the "
    "horizon.",
    10: "People look, but no one ever finds it.",
    11: "When a man looks for something beyond his reach, his friends say he is looking for the pot of gold at the end "
    "of the rainbow.",
    16: "The Norsemen considered the rainbow as a bridge over which the gods passed from earth to their home "
    "in the sky.",
    19: "Since then physicists have found that it is not reflection, but refraction by the raindrops which causes the "
    "rainbows.",
    20: "Many complicated ideas about the rainbow have been formed.",
    21: "The difference in the rainbow depends considerably upon the size of the drops, and the width of the colored "
    "band increases as the size of the drops increases.",
    22: "The actual primary rainbow observed is said to be the effect of super imposition of a number of bows.",
    23: "If the red of the second bow falls upon the green of the first, the result is to give a bow with an "
    "abnormally wide yellow band, since red and green light when mixed form yellow.",
    24: "This is a very common type of bow, one showing mainly red and yellow, with little or no green or blue.",
}
"""Sentence number -> text, for the numbers that several readers share."""
