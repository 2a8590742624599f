"""The week page and the forms of its review actions."""
