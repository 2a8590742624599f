"""The collection that all tables belong to, and the column types that several of them have."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer, MetaData, String

#: Migrations find constraints by these names.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

HASH = String(43)
"""SHA-256 in base64url."""

BIG = BigInteger().with_variant(Integer, "sqlite")
"""An integer of 64 bits. SQLite numbers the rows of a table only if the key has this other name,
and has 64 bits under both.
"""
