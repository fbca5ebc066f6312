"""From hits to an answer: the sentences that answer, each with an exact and checked quote, or an honest "not found"."""
