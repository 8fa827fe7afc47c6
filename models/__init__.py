"""Fits, predicts and persists classifiers of sentences."""
