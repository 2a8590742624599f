"""The review pages: what a freelancer and a client see in a browser.

Values come in as the frozen dataclasses of `view_models`; this room turns them into HTML and
knows neither the database nor the files.
"""
