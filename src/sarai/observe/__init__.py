"""The only door in: one reader a source; each row keeps its source, its date and its licence."""
