"""From database rows to what callers see, and from what callers say to rows."""
