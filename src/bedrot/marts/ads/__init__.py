"""What advertising cost and brought: daily facts, lives of campaigns, and what changed in them."""
