"""Who speaks: names, mentions, groups and quotations, resolved within the article."""

from stancewire.features.attribution.api import attribute
from stancewire.features.attribution.types import Attribution, Span

__all__ = ["Attribution", "Span", "attribute"]
