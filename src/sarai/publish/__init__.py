"""The only door out: disclosure control, tables, maps, reports; renders only."""
