"""Turns articles into model input: who speaks, in which quotation, in which context."""
