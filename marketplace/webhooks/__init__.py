"""Webhooks: endpoints of companies and freelancers, their events, and the sender."""
