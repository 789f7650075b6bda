"""What several pages share: sources, kit, training panel."""
