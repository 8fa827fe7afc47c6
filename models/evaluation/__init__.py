"""How good a model is, on what, how sure that is, and where it fails."""
