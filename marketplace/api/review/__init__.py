"""The API of the review: its entries, and the views of pictures."""
