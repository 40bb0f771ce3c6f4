"""What makes things: it routes, reserves, calls, stores, settles, and puts the result into the gallery."""
