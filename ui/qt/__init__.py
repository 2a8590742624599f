"""Theme, icons, translation and widgets for the windows. Every text reaches Qt through
`ui.qt.plain_text`.
"""
