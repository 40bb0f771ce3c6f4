"""Those who make pictures and sounds: one seam, one file for each vendor."""
