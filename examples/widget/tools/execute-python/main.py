"""Runs code that came as text: the sandbox around it is what makes that safe."""
import contextlib
import io


def run(code):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "<code>", "exec"), {"__name__": "__main__"})
    return printed.getvalue()
