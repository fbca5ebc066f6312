"""From a question to ranked hits: legs over one immutable snapshot, fused, filtered and explained."""
