"""Runs the skill on AWS: the stack (`template.yaml`) and the bundle of code that its function runs (`package.py`)."""
