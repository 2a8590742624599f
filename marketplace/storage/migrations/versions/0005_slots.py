"""An index for the segments of a device in a slot, on any contract.

Revision ID: 0005
Revises: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index(op.f("ix_segment_kid_slot"), "segment", ["kid", "slot"], unique=False)
