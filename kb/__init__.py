"""Klaster KB: cited answers from cluster-policy documents in Uzbek, Russian and English."""
