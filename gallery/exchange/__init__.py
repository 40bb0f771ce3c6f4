"""Moving what people said about their pictures: out of the gallery into files of several formats, and back in.

A format is one module with a `write`, a `read`, or both; `gallery.exchange.formats` lists them. Reading yields entries
(`gallery.exchange.entries`); how an entry meets an asset is decided in one place for all formats (`matching`,
`merging`), and the writing of a whole import is one run of batches, undone as one (`importing`).
"""
