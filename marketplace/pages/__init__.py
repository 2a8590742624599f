"""The review pages of freelancers and clients, as HTML.

The pages render the view models of `marketplace.review` and access neither database nor files.
"""
