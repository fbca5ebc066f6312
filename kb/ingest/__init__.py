"""Folder to index: scan, read in child processes, cut into passages, encode, commit one document at a time."""
