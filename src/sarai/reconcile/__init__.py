"""Rival reports into one daily picture, with the evidence for each figure."""
