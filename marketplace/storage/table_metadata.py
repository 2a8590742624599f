"""The collection that all tables belong to, and the column types that several of them have."""

from __future__ import annotations

from sqlalchemy import MetaData, String

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
