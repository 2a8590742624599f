"""Join a marketplace, keep the device keys in the keyring, sign out. Private keys never reach the
disk.
"""
