"""Speed and skill: one file a question, each a ratio of A against B measured in one run."""
