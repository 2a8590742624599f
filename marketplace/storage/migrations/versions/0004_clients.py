"""Pseudonyms of clients, which the terms of their contracts name.

Revision ID: 0004
Revises: 0003
"""

import secrets
from base64 import urlsafe_b64encode

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("account", sa.Column("pseudonym", sa.String(length=22), nullable=True))
    account = sa.table(
        "account", sa.column("sub"), sa.column("role"), sa.column("pseudonym", sa.String())
    )
    connection = op.get_bind()
    clients = sa.select(account.c.sub).where(account.c.role == "client")
    for (sub,) in connection.execute(clients).all():
        made = urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode("ascii")
        connection.execute(sa.update(account).where(account.c.sub == sub).values(pseudonym=made))
    op.create_index(op.f("ix_account_pseudonym"), "account", ["pseudonym"], unique=True)
