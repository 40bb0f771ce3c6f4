"""What can be wrong with a manifest."""

from ontology.errors import InvalidInputError


class ManifestError(InvalidInputError):
    """The manifest cannot be read, or not be changed as wanted (exit code 2). Nothing was written."""

    code = "bad_manifest"
