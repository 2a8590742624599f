"""Other people's byte formats: canonical JSON, base64url, Ed25519, JWS, SD-JWT. One accepted form
each.
"""
