"""The live page: a thin door over whatif and plan."""
