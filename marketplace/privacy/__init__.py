"""The privacy notice: the personal data that a marketplace processes, its purposes and recipients.

Each field of the record, each column of the database and each service that the marketplace sends
data to has an entry; tests compare the entries with the protocol, the schema and the imports.
"""
