"""E-mail to people: a queue in the database, the texts, and the sender."""
