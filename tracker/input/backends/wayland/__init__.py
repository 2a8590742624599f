"""Activity in Wayland sessions, where programs cannot see keys or clicks of others: the compositor
reports activity and idleness.
"""
