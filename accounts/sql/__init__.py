"""Set-based statements, one file a step, run with named parameters."""

from functools import cache
from importlib.resources import files


@cache
def statement(path: str) -> str:
    """The text of `room/name.sql`, kept in the room's `sql` folder."""
    room, _slash, rest = path.partition("/")
    return files(f"{room}.sql").joinpath(rest).read_text()


def run_file(cursor, path: str, params=None) -> int:
    """Run the statements of a file; give the number of rows that the last one touched."""
    cursor.execute(statement(path), params or {})
    while cursor.nextset():
        pass
    return cursor.rowcount
