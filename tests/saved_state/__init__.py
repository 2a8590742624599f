"""Files that an earlier version wrote, and tests that today's programs read them.

Each folder here is one version. `full.zip` has a client's state folder (`state/`) and the data
folder of its marketplace (`market/`) after a morning of work, `empty.zip` the same before any work,
`bundle.zip` the record of the week. The JSON files have the facts that a reader must find.

`python -m tests.saved_state NAME` writes a new folder with the present version. Do so before a
stored format changes, and never change an existing folder.
"""
