"""Runs an exported transformer fast on a processor, without PyTorch; ``export`` (which needs it) writes the files."""

from stancewire.models.runtime.classifier import RuntimeClassifier, load_classifier
from stancewire.models.runtime.engine import EngineName, RuntimeOptions

__all__ = ["EngineName", "RuntimeClassifier", "RuntimeOptions", "load_classifier"]
