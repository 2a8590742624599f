"""Accept segments and statements from devices: verify, store, log. A record that is authentic but
wrong is logged with its findings.
"""
