"""The HTTP interface of the marketplace: transport, access tokens with DPoP, typed requests and
responses. Every field of a response is bounded before anything uses it.
"""
