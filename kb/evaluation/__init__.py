"""Measuring answers: question files, measures named as in the literature, reports by language pair."""
