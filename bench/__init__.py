"""Figures: how fast, how well. Each against a baseline measured in the same run."""
