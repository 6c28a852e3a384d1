"""Forecasts into needs, stocks, staff and allocation; every standard cited."""
