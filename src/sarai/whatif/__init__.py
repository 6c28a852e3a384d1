"""The same futures twice with one thing changed, paired draw by draw."""
