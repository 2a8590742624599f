"""The way of requests to the marketplace: proxies, proxy scripts, and trust in certificates."""
