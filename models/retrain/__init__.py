"""The retraining loop: sweeps, the promotion gate, drift, and what review is worth."""
