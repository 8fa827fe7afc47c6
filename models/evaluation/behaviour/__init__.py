"""Behaviour tests on a trained model (Ribeiro et al. 2020): invariance, direction, minimum function, constancy."""
