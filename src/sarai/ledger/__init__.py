"""Where every number came from: append-only records, hashes, storage."""
