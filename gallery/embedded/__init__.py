"""How a picture says it was made: the texts that generators write into PNG, JPEG and WebP files, and our own sidecars.

Pure but for what its callers hand in: bytes become texts (`texts`), texts become facts (one module for each tool,
`reading` asks them in turn). Nothing here opens a file, and nothing that is read is believed, run or followed.
"""
