"""Addresses, passwords, passkeys, messages, and people of companies with roles.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from marketplace.storage.table_metadata import BIG

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("account", sa.Column("email", sa.String(length=254), nullable=True))
    op.add_column("account", sa.Column("password", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("password_s", sa.BigInteger(), nullable=True))
    op.add_column("account", sa.Column("language", sa.String(length=20), nullable=True))
    op.add_column("one_time_code", sa.Column("data", sa.Text(), nullable=True))
    op.create_index(op.f("ix_account_email"), "account", ["email"], unique=True)
    op.create_table(
        "passkey",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("used_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_passkey_sub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
    )
    op.create_index(op.f("ix_passkey_sub"), "passkey", ["sub"], unique=False)
    op.create_table(
        "oidc_identity",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("linked_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_oidc_identity_sub")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_oidc_identity")),
    )
    op.create_index(op.f("ix_oidc_identity_sub"), "oidc_identity", ["sub"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", BIG, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("next_s", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_s", sa.BigInteger(), nullable=True),
        sa.Column("failed_s", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_next_s"), "message", ["next_s"], unique=False)
    op.create_table(
        "company_member",
        sa.Column("company", sa.String(length=22), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("since_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company"], ["account.sub"], name=op.f("fk_company_member_company")
        ),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_company_member_sub")),
        sa.PrimaryKeyConstraint("company", "sub", name=op.f("pk_company_member")),
    )
    op.create_index(op.f("ix_company_member_sub"), "company_member", ["sub"], unique=False)
    op.create_table(
        "company_invitation",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("company", sa.String(length=22), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.Column("used_s", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["company"], ["account.sub"], name=op.f("fk_company_invitation_company")
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_company_invitation")),
    )
    op.create_index(
        op.f("ix_company_invitation_company"), "company_invitation", ["company"], unique=False
    )
