def update_flags(cursor, night, run):
    pass
