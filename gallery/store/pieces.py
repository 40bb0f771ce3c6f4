"""The parameter for a piece of a long list. Apart from `chunks`, which those need too who know no database library."""

from typing import Any

from sqlalchemy import BindParameter, bindparam

PIECE: BindParameter[Any] = bindparam("piece", expanding=True)
"""For `column.in_(PIECE)`, with the values at execution: a list in its place would be looked at value by value."""
