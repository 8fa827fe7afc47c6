"""Turns articles into model input: who speaks, in which quotation, in which context."""

from stancewire.features.attribution import Attribution, attribute

__all__ = ["Attribution", "attribute"]
