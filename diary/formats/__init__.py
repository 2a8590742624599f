"""Standard byte formats: canonical JSON, base64url, Ed25519, JWS, SD-JWT. Each value has exactly
one accepted encoding.
"""
