"""What was bought, for how much, and what is still open: jobs, purchases, entries, and the budgets they are held to."""
