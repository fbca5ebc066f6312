"""What knows languages: folding, spellings, language identification, words, sentences, dates.

Everything here works on keys and offsets and never rewrites what a reader will see, except `spellings`, whose
purpose is to rewrite. Nothing here knows of documents, indexes or encoders.
"""
