"""Posterior into predictions; baselines to beat; scores and coverage."""
