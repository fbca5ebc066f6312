"""Renders the documents of `corpus/sources/` into the formats that users have, and knows what stands on which page."""
