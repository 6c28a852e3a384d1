"""Built-in emergencies as plain text; read, never written."""
