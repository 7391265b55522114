"""Keeps the interpreter busy for ever, and swallows what would end it from inside."""
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
