"""Answers written by a language model from retrieved passages, sentence by sentence through a gate. Off by default."""
