"""What we believe: the returns law, the flight law and the table of parameters."""
