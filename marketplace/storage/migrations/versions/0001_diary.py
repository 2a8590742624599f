"""The first tables: accounts, devices, contracts, the log, segments, pictures.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

from marketplace.storage.table_metadata import BIG

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("role", sa.String(length=10), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sub", name=op.f("pk_account")),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=40), nullable=False),
        sa.Column("stored_s", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "leaf",
        sa.Column("idx", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=43), nullable=False),
        sa.Column("rt_ms", sa.BigInteger(), nullable=False),
        sa.Column("attrs", sa.Text(), nullable=False),
        sa.Column("object", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("idx", name=op.f("pk_leaf")),
        sa.UniqueConstraint("digest", "type", name=op.f("uq_leaf_digest_type")),
    )
    op.create_table(
        "node",
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("pos", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("level", "pos", name=op.f("pk_node")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "beacon",
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_beacon_idx")),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_beacon")),
        sa.UniqueConstraint("hash", name=op.f("uq_beacon_hash")),
    )
    op.create_table(
        "blob_owner",
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_blob_owner_sha256")),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_blob_owner_sub")),
        sa.PrimaryKeyConstraint("sha256", "sub", name=op.f("pk_blob_owner")),
    )
    op.create_table(
        "code",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.Column("used_s", sa.BigInteger(), nullable=True),
        sa.Column("nonce", sa.String(length=43), nullable=True),
        sa.Column("week0", sa.BigInteger(), nullable=True),
        sa.Column("kid", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_code_sub")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_code")),
    )
    op.create_table(
        "contract",
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("freelancer", sa.String(length=22), nullable=False),
        sa.Column("client", sa.String(length=22), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["client"], ["account.sub"], name=op.f("fk_contract_client")),
        sa.ForeignKeyConstraint(
            ["freelancer"], ["account.sub"], name=op.f("fk_contract_freelancer")
        ),
        sa.PrimaryKeyConstraint("ctr", name=op.f("pk_contract")),
    )
    op.create_index(op.f("ix_contract_client"), "contract", ["client"], unique=False)
    op.create_index(op.f("ix_contract_freelancer"), "contract", ["freelancer"], unique=False)
    op.create_table(
        "device",
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("jws", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_device_idx")),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_device_sub")),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_sub"), "device", ["sub"], unique=False)
    op.create_table(
        "session",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("created_s", sa.BigInteger(), nullable=False),
        sa.Column("expires_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_session_sub")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_session")),
    )
    op.create_table(
        "device_head",
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(["kid"], ["device.kid"], name=op.f("fk_device_head_kid")),
        sa.PrimaryKeyConstraint("kid", "ctr", name=op.f("pk_device_head")),
    )
    op.create_table(
        "segment",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("kid", sa.String(length=43), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.BigInteger(), nullable=False),
        sa.Column("t0", sa.BigInteger(), nullable=False),
        sa.Column("t1", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=6), nullable=False),
        sa.Column("beacon", sa.String(length=43), nullable=True),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_segment_idx")),
        sa.ForeignKeyConstraint(["kid"], ["device.kid"], name=op.f("fk_segment_kid")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_segment")),
        sa.UniqueConstraint("idx", name=op.f("uq_segment_idx")),
    )
    op.create_index(op.f("ix_segment_checked"), "segment", ["checked"], unique=False)
    op.create_index(op.f("ix_segment_ctr_slot"), "segment", ["ctr", "slot"], unique=False)
    op.create_index(op.f("ix_segment_kid_ctr_seq"), "segment", ["kid", "ctr", "seq"], unique=False)
    op.create_table(
        "terms",
        sa.Column("hash", sa.String(length=43), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("idx", sa.BigInteger(), nullable=False),
        sa.Column("from_s", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ctr"], ["contract.ctr"], name=op.f("fk_terms_ctr")),
        sa.ForeignKeyConstraint(["idx"], ["leaf.idx"], name=op.f("fk_terms_idx")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_terms")),
    )
    op.create_index(op.f("ix_terms_ctr_from_s"), "terms", ["ctr", "from_s"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", BIG, nullable=False),
        sa.Column("segment", sa.String(length=43), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["segment"], ["segment.hash"], name=op.f("fk_finding_segment")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index(op.f("ix_finding_segment"), "finding", ["segment"], unique=False)
    op.create_table(
        "segment_blob",
        sa.Column("segment", sa.String(length=43), nullable=False),
        sa.Column("sha256", sa.String(length=43), nullable=False),
        sa.ForeignKeyConstraint(
            ["segment"], ["segment.hash"], name=op.f("fk_segment_blob_segment")
        ),
        sa.PrimaryKeyConstraint("segment", "sha256", name=op.f("pk_segment_blob")),
    )
    op.create_index(op.f("ix_segment_blob_sha256"), "segment_blob", ["sha256"], unique=False)
    op.create_table(
        "view",
        sa.Column("id", BIG, nullable=False),
        sa.Column("segment", sa.String(length=43), nullable=False),
        sa.Column("shot", sa.Integer(), nullable=False),
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["segment"], ["segment.hash"], name=op.f("fk_view_segment")),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_view_sub")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view")),
    )
    op.create_index(op.f("ix_view_segment"), "view", ["segment"], unique=False)
