"""The policy of this computer: values that its administrator sets for all users."""
