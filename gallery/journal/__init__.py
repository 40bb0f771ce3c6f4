"""Every change as a batch of the journal; history, undo and redo read it."""
