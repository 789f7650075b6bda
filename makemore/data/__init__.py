"""Names to letters to ids to examples. Knows no model."""
