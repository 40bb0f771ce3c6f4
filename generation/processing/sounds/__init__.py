"""What is made of a sound that was bought: levelled, trimmed, faded, mixed, resampled, converted and looked over.

Its modules need the extra `audio`, but for `processing`, by which they are reached.
"""
