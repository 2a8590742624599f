"""The month of a contract as a calendar of days."""
