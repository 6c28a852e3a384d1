"""The flight law: displacement over a network of places, by counts."""
