"""Activity in Wayland sessions, where no program sees keys or clicks. The compositor reports
activity and idleness.
"""
