"""What is private because something announces it: postcodes, plates, births, codes, passwords, user names, names."""

from pathlib import Path

import pytest

from redaction.pii_finder import PiiFinder
from redaction.recognizers.announcements import announced
from redaction.recognizers.announcements.grammar import NUMBERS, language
from redaction.recognizers.announcements.matching import announced as announced_in
from redaction.recognizers.announcements.shapes import Line, Name
from redaction.recognizers.announcements.tokens import tokens
from redaction.settings import RedactionSettings
from redaction.text.utterance import Utterance
from weights import Store

CASES = Path(__file__).parents[4] / "shared" / "media" / "cases"
DATA = Path(__file__).parents[3] / "evaluation" / "data"


def found(text):
    return {(text[e.start : e.end].strip(" ,."), e.entity) for e in announced(Utterance(text))}


@pytest.mark.parametrize(
    ("text", "value", "entity"),
    [
        ("My postcode is SW1A, 2AA.", "SW1A, 2AA", "ADDRESS"),
        ("The post code, hang on, is LS9 8QT.", "LS9 8QT", "ADDRESS"),
        ("The CVV, let me look, is 3 double 9.", "3 double 9", "NUMBER"),
        ("My password, bear with me, it's Teapot71.", "Teapot71", "PASSWORD"),
        ("You need star 4471 for the garage.", "star 4471", "NUMBER"),
        ("The router is Fox9 and the key is pancake, all one word.", "pancake, all one word", "PASSWORD"),
        ("It's wanda, W-A-N-D-A, 81 at gmx dot net.", "wanda, W-A-N-D-A, 81 at gmx dot net", "EMAIL_ADDRESS"),
        ("Reply to bursary at kings-hill dot sch dot uk.", "bursary at kings-hill dot sch dot uk", "EMAIL_ADDRESS"),
        ("It's on www dot the old mill dot org forward slash menu.", "www dot the old mill dot org forward slash menu",
         "URL"),
        ("The surgery is in BS5, near the park.", "BS5", "ADDRESS"),
        ("He is at 81667 München now.", "81667", "ADDRESS"),
        ("The midwife's name is Aoife.", "Aoife", "PERSON"),
        ("Log in as root, and the password's Pelican&Moon7.", "Pelican&Moon7", "PASSWORD"),
        ("It's on tinyurl dot com slash harvest, dash, nine.", "tinyurl dot com slash harvest, dash, nine", "URL"),
        ("They sent Grace and Bill the form.", "Bill", "PERSON"),
        ("He says that May is unwell.", "May", "PERSON"),
        ("The clinic's is BN13, by the sea.", "BN13", "ADDRESS"),
        ("Try 417 for the desk, that's my extension.", "417", "NUMBER"),
        ("It's k dot o'dwyer at eircom dot net.", "k dot o'dwyer at eircom dot net", "EMAIL_ADDRESS"),
        ("She was born in the autumn of '91, on the 2nd of October.", "the autumn of '91, on the 2nd of October",
         "DATE_OF_BIRTH"),
        ("my postcode is b s eight one t h", "b s eight one t h", "ADDRESS"),
        ("My postcode is S for sugar W one, two A A.", "S for sugar W one, two A A", "ADDRESS"),
        ("I live in Bristol, BS8.", "BS8", "ADDRESS"),
        ("Send it to EH1, 1RE.", "EH1, 1RE", "ADDRESS"),
        ("Our postal code is M five V, three L nine.", "M five V, three L nine", "ADDRESS"),
        ("The Eircode is D02 X285.", "D02 X285", "ADDRESS"),
        ("The postcode in Rotterdam is 3011, AA.", "3011, AA", "ADDRESS"),
        ("My zip is 02139-4307.", "02139-4307", "ADDRESS"),
        ("Her number plate is K-N-19-X-R-T.", "K-N-19-X-R-T", "NUMBER"),
        ("The plate was Lima Alpha five one Bravo Delta Sierra.", "Lima Alpha five one Bravo Delta Sierra", "NUMBER"),
        ("He drives a blue van, YF68 OKR.", "YF68 OKR", "NUMBER"),
        ("It was a silver Honda, registration L of 5-1BDS.", "L of 5-1BDS", "NUMBER"),
        ("Her number plate is K you 5 1 are R T.", "K you 5 1 are R T", "NUMBER"),
        ("The tag on the truck is CJX 2291.", "CJX 2291", "NUMBER"),
        ("the van was y f six eight o k r", "y f six eight o k r", "NUMBER"),
        ("Date of birth the 3rd of the 12th, 81.", "the 3rd of the 12th, 81", "DATE_OF_BIRTH"),
        ("My daughter was born in August of 09.", "August of 09", "DATE_OF_BIRTH"),
        ("I was born in a small hospital by the sea, my mother says, on 14 March 1972.", "on 14 March 1972",
         "DATE_OF_BIRTH"),
        ("He was born on the 4th of July, in 1988.", "on the 4th of July, in 1988", "DATE_OF_BIRTH"),
        ("My birthday is on Christmas Eve.", "on Christmas Eve", "DATE_OF_BIRTH"),
        ("March 14th, that's my birthday.", "March 14th", "DATE_OF_BIRTH"),
        ("When were you born? January 5th, 1999.", "January 5th, 1999", "DATE_OF_BIRTH"),
        ("Her extension is four oh two.", "four oh two", "NUMBER"),
        ("The security code on the back is 312.", "312", "NUMBER"),
        ("Sort code 20, 40-60.", "20, 40-60", "NUMBER"),
        ("The card ends in forty two seventeen.", "forty two seventeen", "NUMBER"),
        ("I'm in room 412.", "412", "NUMBER"),
        ("The door opens with 8842.", "8842", "NUMBER"),
        ("Use 4417 to open the gate.", "4417", "NUMBER"),
        ("The plate ends in HQT.", "HQT", "NUMBER"),
        ("My old Saab was NPD 482K.", "NPD 482K", "NUMBER"),
        ("Their recovery van took 6DRB41.", "6DRB41", "NUMBER"),
        ("LS9 7QA, that's my postcode.", "LS9 7QA", "ADDRESS"),
        ("555 0172, that's my mobile.", "555 0172", "PHONE_NUMBER"),
        ("I came into the world on the 9th of May, 1961.", "on the 9th of May, 1961", "DATE_OF_BIRTH"),
        ("I use tangerine dream as my password.", "tangerine dream", "PASSWORD"),
        ("The encryption key is foxtrot nine lima.", "foxtrot nine lima", "PASSWORD"),
        ("The security word is harbour.", "harbour", "PASSWORD"),
        ("Security question, first holiday: Skegness.", "Skegness", "PASSWORD"),
        ("She's cloudberry on TikTok.", "cloudberry", "USERNAME"),
        ("turnipking is my gamertag.", "turnipking", "USERNAME"),
        ("The camera is on 10 dot 0 dot 4 dot 21.", "10 dot 0 dot 4 dot 21", "IP_ADDRESS"),
        ("You want museum dot oakfield dot org.", "museum dot oakfield dot org", "URL"),
        ("We visited Miles on Sunday.", "Miles", "PERSON"),
        ("My password is purple elephant 42.", "purple elephant 42", "PASSWORD"),
        ("The Wi-Fi password is correct horse battery staple.", "correct horse battery staple", "PASSWORD"),
        ("Swordfish is the password.", "Swordfish", "PASSWORD"),
        ("My mother's maiden name is Baker.", "Baker", "PASSWORD"),
        ("The patient white was seen at noon.", "white", "PERSON"),
        ("Grace told Will that he should call a J.", "a J", "PERSON"),
        ("I have to ask A. J. about it.", "A. J", "PERSON"),
        ("My Twitter handle is at night owl underscore nine.", "at night owl underscore nine", "USERNAME"),
        ("I'm on Telegram as @kestrel.", "@kestrel", "USERNAME"),
        ("Go to lanterncare dot org slash ms dash patel.", "lanterncare dot org slash ms dash patel", "URL"),
        ("It's sam dash lee plus work at proton dot me.", "sam dash lee plus work at proton dot me", "EMAIL_ADDRESS"),
        ("It's plus forty-four seven nine four four one two three six six one.",
         "plus forty-four seven nine four four one two three six six one", "PHONE_NUMBER"),
        ("Ring me on nine hundred, double oh, forty two, eleven.", "nine hundred, double oh, forty two, eleven",
         "PHONE_NUMBER"),
        ("Dial one eight hundred, get well.", "one eight hundred, get well", "PHONE_NUMBER"),
        ("Thanks April.", "April", "PERSON"),
        ("Is May coming today?", "May", "PERSON"),
        ("Grace told Will that he should call.", "Will", "PERSON"),
        ("Summer cried a lot.", "Summer", "PERSON"),
        ("My nickname is Tank.", "Tank", "PERSON"),
        ("so the new house is t a one, three e h, we complete on Friday", "t a one, three e h", "ADDRESS"),
        ("Yes, 02139-4307.", "02139-4307", "ADDRESS"),
        ("PIN code 560001, that's Bangalore city.", "560001", "ADDRESS"),
        ("The taxi was R for Roger, E for Edward, 17, H B F.", "R for Roger, E for Edward, 17, H B F", "NUMBER"),
        ("The Irish one is 191-D-20417.", "191-D-20417", "NUMBER"),
        ("My eldest arrived on the second of February 2011.", "the second of February 2011", "DATE_OF_BIRTH"),
        ("It was signed by a Dr Halloran.", "Dr Halloran", "PERSON"),
        ("My NHS number is 943 476 5919.", "943 476 5919", "NUMBER"),
        ("It is two oh two, triple five, oh one nine two.", "two oh two, triple five, oh one nine two", "PHONE_NUMBER"),
        ("I'm on Mastodon as @wren@fosstodon.org.", "@wren@fosstodon.org", "USERNAME"),
        ("Drop a line to info at the larder dot co.", "info at the larder dot co", "EMAIL_ADDRESS"),
        ("You'll need the passphrase, which is correct horse battery.", "correct horse battery", "PASSWORD"),
    ],
)  # fmt: skip
def test_what_is_announced_is_found_whole_and_as_what_it_is(text, value, entity):
    assert (value, entity) in found(text)


def sentences(path):
    """``(text, ranges of what is private, whether it is held out)`` of each line of a list with braces."""
    from evaluation.runs.announced_pii import sentences as read

    return list(read(path))


@pytest.mark.parametrize("text", [s.text for s in sentences(DATA / "unannounced.txt")])
def test_nothing_is_announced_where_it_only_looks_so(text):
    assert announced(Utterance(text)) == []


@pytest.mark.parametrize(
    ("name", "held", "most"),
    [
        ("announced.txt", False, 0.04),
        ("announced.txt", True, 0.04),
        ("announced_again.txt", False, 0.04),
        ("announced_again.txt", True, 0.11),
        ("announced_variants.txt", False, 0.04),
        ("announced_variants.txt", True, 0.04),
        ("announced_calls.txt", False, 0.04),
        ("announced_calls.txt", True, 0.11),
        ("announced_reception.txt", False, 0.04),
        ("announced_reception.txt", True, 0.06),
    ],
)
def test_without_any_model_nearly_all_that_is_announced_is_found(name, held, most):
    finder = PiiFinder(RedactionSettings())
    parts = missing = 0
    for sentence in sentences(DATA / name):
        if sentence.held == held:
            gone = {i for e in finder.find(sentence.text) for i in range(e.start, e.end)}
            parts += len(sentence.spans)
            missing += sum(any(i not in gone for i in s if sentence.text[i].isalnum()) for s in sentence.spans)
    assert parts >= 120
    assert missing / parts <= most


@pytest.mark.models
@pytest.mark.media
def test_the_private_parts_of_the_cases_are_found_and_nothing_of_ordinary_talk():
    if not CASES.is_dir():
        pytest.skip("../shared/media/cases is absent")
    finder = PiiFinder.from_store(Store(), RedactionSettings())
    for name, least in (("text_private.txt", 0.97), ("text_phones.txt", 0.97)):
        parts = whole = 0
        for sentence in sentences(CASES / name):
            gone = {i for e in finder.find(sentence.text) for i in range(e.start, e.end)}
            parts += len(sentence.spans)
            whole += sum(all(i in gone for i in s if sentence.text[i].isalnum()) for s in sentence.spans)
        assert whole / parts >= least
    for sentence in sentences(CASES / "text_ordinary.txt"):
        private = {i for span in sentence.spans for i in span}
        assert all(private & set(range(e.start, e.end)) for e in finder.find(sentence.text)), sentence.text


def test_a_run_spells_digits_letters_and_the_alphabet_of_the_radio():
    spelling = language().spelling

    def spelled(text):
        return spelling.spelled(tokens(text), cased=True)

    assert spelled("forty-two seventeen") == "4217"
    assert spelled("double oh, nine hundred") == "OO900"
    assert spelled("K-N one nine, X-ray Romeo T") == "KN19XRT"
    assert spelled("S for sugar W one") == "SW1"
    assert spelled("null drei") == "03"
    assert spelled("a lovely day") is None
    assert spelled("19.99") is None


def test_a_value_never_ends_within_a_date():
    text = "I was born on the twenty-third of September nineteen eighty-eight in Leeds."
    (value, _), *_ = found(text)
    assert value == "on the twenty-third of September nineteen eighty-eight"


def test_every_language_can_be_read():
    assert language("en").announcements
    assert set(NUMBERS) == {"de", "es", "fr"}
    assert language().spelling.characters.keys() >= {"sieben", "siete", "sept"}


def test_french_numbers_are_understood_inside_english():
    spelling = language().spelling
    for text, digits in {
        "zéro six, douze, trente-quatre": "061234",
        "soixante-douze": "72",
        "quatre-vingt-dix-neuf": "99",
        "quatre-vingts, vingt et un": "8021",
        "dix sept": "17",
    }.items():
        assert spelling.spelled(tokens(text), cased=True) == digits


def test_a_name_that_is_a_word_needs_its_capital():
    name = Name(frozenset(["april"]), more=False, uncased=False)
    for text, end in (("April came", 1), ("april came", None)):
        line = Line(text, tokens(text), "..", language().spelling, cased=True)
        assert name.match(line, 0) == end


def test_the_door_leads_to_the_mechanism():
    assert announced_in is announced


@pytest.mark.parametrize(
    "text",
    [
        "The number on the card is +44 20 7946 0018.",
        "It's +353 85 555 0190, on WhatsApp.",
        "The account says (212) 555-0176.",
        "The code to ring is 020 7946 0991.",
    ],
)
def test_the_shape_of_a_phone_number_decides_over_what_announces_other_numbers(text):
    found = [find.entity for find in PiiFinder(RedactionSettings()).find(text)]
    assert found == ["PHONE_NUMBER"]
