"""The review pages: what a freelancer and a client see in a browser.

Values come in as the frozen dataclasses of `marketplace.views`; this room turns them into HTML and
knows neither the database nor the files.
"""
