"""The first start: from the address of a marketplace to a computer that can record."""
