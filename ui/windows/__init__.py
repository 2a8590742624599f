"""The windows and dialogs, one file each. They show the views of the presenters and emit a signal
for each action of the person.
"""
