"""The contract that a picture is charged to, the usage of each account, the size of each picture.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

#: The first of the freelancer's own contracts that names a picture.
_CONTRACT = """
    UPDATE blob_owner SET ctr = coalesce((
    SELECT segment.ctr FROM segment_blob
    JOIN segment ON segment.hash = segment_blob.segment
    JOIN device ON device.kid = segment.kid
    JOIN contract ON contract.ctr = segment.ctr AND contract.freelancer = device.sub
    WHERE segment_blob.sha256 = blob_owner.sha256 AND device.sub = blob_owner.sub
    ORDER BY segment.idx LIMIT 1
    ), '')
"""
_FOREIGN = """
    DELETE FROM segment_blob WHERE segment NOT IN (
        SELECT segment.hash FROM segment
        JOIN device ON device.kid = segment.kid
        JOIN contract ON contract.ctr = segment.ctr AND contract.freelancer = device.sub
    )
"""
_SUMS = """
    INSERT INTO holding (sub, ctr, files, bytes)
    SELECT blob_owner.sub, blob_owner.ctr, count(*), sum(blob.size)
    FROM blob_owner JOIN blob ON blob.sha256 = blob_owner.sha256
    GROUP BY blob_owner.sub, blob_owner.ctr
"""


def upgrade() -> None:
    for name in ("width", "height"):
        op.add_column("blob", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column(
        "blob_owner", sa.Column("stored_s", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.add_column(
        "blob_owner", sa.Column("ctr", sa.String(length=22), nullable=False, server_default="")
    )
    op.create_index(
        op.f("ix_blob_owner_ctr_stored_s"), "blob_owner", ["ctr", "stored_s"], unique=False
    )
    op.create_table(
        "holding",
        sa.Column("sub", sa.String(length=22), nullable=False),
        sa.Column("ctr", sa.String(length=22), nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["sub"], ["account.sub"], name=op.f("fk_holding_sub")),
        sa.PrimaryKeyConstraint("sub", "ctr", name=op.f("pk_holding")),
    )
    op.execute(
        "UPDATE blob_owner SET stored_s = "
        "(SELECT stored_s FROM blob WHERE blob.sha256 = blob_owner.sha256)"
    )
    op.execute(_CONTRACT)
    op.execute(_FOREIGN)
    op.execute(_SUMS)
