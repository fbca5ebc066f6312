"""Trained and curated files that the package ships; each folder holding a model has its MODEL_CARD.md."""
