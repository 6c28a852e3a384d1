"""What exists: places, corridors, groups, calendar, reports, units and errors."""
