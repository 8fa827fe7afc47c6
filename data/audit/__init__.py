"""How good the labels are: agreement, suspected errors, contradictions, and drift between annotation files."""
