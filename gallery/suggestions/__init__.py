"""What tags an asset may deserve, from several sources, each with its confidence and its reason (decision 20).

A source (`paths`, `prompts`, `companions`, `likeness`, `folders`) answers for many assets at once. `merging` makes one
suggestion of what several say of a tag, `standing` leaves out what must not be suggested, `suggesting` runs it all and
`answers` carries out what people make of it.
"""
