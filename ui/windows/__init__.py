"""The windows and dialogs, one file each. They show the values of presenters and report what a
person chose.
"""
