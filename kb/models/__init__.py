"""Trained parts behind plain functions: text encoders and word-translation tables."""
