"""How requests reach the marketplace: proxies, proxy scripts, and trusted certificates."""
