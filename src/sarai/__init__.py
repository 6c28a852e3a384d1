"""sarai forecasts, simulates and plans the response to mass-return emergencies, from aggregate counts only."""

__version__ = "0.1.0"
