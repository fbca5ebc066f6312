"""Strategic directions: what passages are about in the field's own taxonomy, scored without a new index."""
