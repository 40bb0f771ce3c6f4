"""What is made of a picture that was bought: sized, cut, composed, converted, packed into sheets, and looked over.

Nothing here costs money or loses bytes: a step that cannot be done, and a check that is not passed, are results beside
the picture. Steps are plain names and options; what is wrong with them is found before anything is spent.
"""
