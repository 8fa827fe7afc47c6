"""The exceptions of the project: each says what was expected, what was found and what to do."""


class StancewireError(Exception):
    """Base of every error that the project raises on purpose."""


class DataError(StancewireError):
    """Corpus, annotation or input data break a rule; the message names file, line and rule."""


class ConfigError(StancewireError):
    """A setting or a call is wrong (exit code 2); the message names the key, the expectation and the finding."""


class ArtefactError(StancewireError):
    """A model, encoder or other stored artefact is missing, damaged or of another codebook."""


class MissingExtraError(StancewireError):
    """An optional dependency is not installed; the message names the extra to install."""
