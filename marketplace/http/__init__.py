"""The HTTP server: connections, limits, middleware, browser sessions. It serves the API and the
pages.
"""
