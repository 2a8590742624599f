"""The slot of the beacon that a segment names: an older one than the device used before costs pay.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("segment", sa.Column("bcn_slot", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE segment SET bcn_slot = "
        "(SELECT beacon.slot FROM beacon WHERE beacon.hash = segment.beacon)"
    )
