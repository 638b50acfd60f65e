"""presidio-analyzer, set up to start fast, run only what is needed, and never reach a network.

A bare ``AnalyzerEngine()`` downloads a spaCy model and loads five pipes that nobody uses, and its e-mail and URL
recognisers fetch the public suffix list. Here the model is a local folder, only its named-entity recogniser is loaded,
and the recognisers are listed one by one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from redaction.recognizers.settings import LEAST_SCORE
from redaction.text.entity import Entity
from timeline import ModelError

_UNUSED_PIPES = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter"]
_ENTITIES = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "LOC": "LOCATION",
    "GPE": "LOCATION",
    "FAC": "LOCATION",
    "ORG": "ORGANIZATION",
    "NORP": "NRP",
    "DATE": "DATE_TIME",
    "TIME": "DATE_TIME",
}
_IGNORED = ["CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY", "WORK_OF_ART"]

REASONS = {
    "PERSON": "named-entity model",
    "LOCATION": "named-entity model",
    "ORGANIZATION": "named-entity model",
    "NRP": "named-entity model",
    "DATE_TIME": "named-entity model",
}


class PresidioFinder:
    """The recognisers of presidio that suit speech, a :class:`~redaction.pii_finder.NerRecogniser`."""

    def __init__(self, analyzer: Any, threshold: float) -> None:
        self._analyzer = analyzer
        self._threshold = threshold

    @classmethod
    def load(cls, model: Path, threshold: float = LEAST_SCORE) -> PresidioFinder:
        """Set up from the spaCy pipeline in the folder ``model`` (English).

        Raises:
            ModelError: the folder holds no pipeline that spaCy can load.
        """
        import tldextract

        # Before any recogniser is created: the module-level extractor would use the network the first time.
        tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
        from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
        from presidio_analyzer import predefined_recognizers as ready

        engine = _engine(model)
        recognisers = [
            ready.SpacyRecognizer(supported_language="en", supported_entities=sorted(set(_ENTITIES.values()))),
            ready.CreditCardRecognizer(),
            ready.EmailRecognizer(),
            ready.IbanRecognizer(),
            ready.IpRecognizer(),
            ready.PhoneRecognizer(),
            ready.UrlRecognizer(),
            ready.UsSsnRecognizer(),
            ready.UsBankRecognizer(),
            ready.UsLicenseRecognizer(),
            ready.UsPassportRecognizer(),
        ]
        registry = RecognizerRegistry(recognizers=recognisers, supported_languages=["en"])
        return cls(AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["en"]), threshold)

    def __call__(self, text: str) -> list[Entity]:
        """What presidio finds in ``text``."""
        results = self._analyzer.analyze(text=text, language="en", score_threshold=self._threshold)
        return [
            Entity(r.start, r.end, r.entity_type, float(r.score), REASONS.get(r.entity_type, "pattern"))
            for r in results
        ]

    def entities(self, text: str) -> list[Entity]:
        """What the named-entity model alone finds in ``text``: a quarter of the work."""
        doc = self._analyzer.nlp_engine.get_nlp("en")(text)
        return [
            Entity(e.start_char, e.end_char, _ENTITIES[e.label_], 0.85, "named-entity model")
            for e in doc.ents
            if e.label_ in _ENTITIES
        ]


def spacy_pipeline(folder: Path) -> Path:
    """The folder of a spaCy pipeline: ``folder`` or a folder up to two levels below that holds ``config.cfg``.

    Raises:
        ModelError: there is none.
    """
    for candidate in (folder, *sorted(folder.glob("*/")), *sorted(folder.glob("*/*/"))):
        if (candidate / "config.cfg").is_file():
            return candidate
    raise ModelError(f"{folder} holds no spaCy pipeline", "discreet weights fetch spacy-en-sm")


def _engine(model: Path) -> Any:
    import spacy
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    class LocalEngine(SpacyNlpEngine):
        """The named-entity pipe alone, with lower-case forms as lemmas, which is enough for context words."""

        def load(self) -> None:
            try:
                self.nlp: Any = {"en": spacy.load(model, exclude=_UNUSED_PIPES)}
            except (OSError, ValueError) as error:
                raise ModelError(
                    f"the language model in {model} cannot be loaded: {error}".splitlines()[0],
                    "discreet weights verify",
                ) from error

        def _doc_to_nlp_artifact(self, doc: Any, language: str) -> Any:
            for token in doc:
                token.lemma_ = token.lower_
            return super()._doc_to_nlp_artifact(doc, language)

    configuration = NerModelConfiguration(
        model_to_presidio_entity_mapping=dict(_ENTITIES), labels_to_ignore=list(_IGNORED)
    )
    engine = LocalEngine(models=[{"lang_code": "en", "model_name": str(model)}], ner_model_configuration=configuration)
    engine.load()
    return engine
