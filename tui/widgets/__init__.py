"""The parts of the screens. They show what they are given and post messages."""
