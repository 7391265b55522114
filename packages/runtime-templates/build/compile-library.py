"""Writes the standard library's archive again, with the bytecode of its modules beside their sources.

Left out is that of modules which the memory snapshot holds already (what is loaded here, for the harness has been), and of
those which cannot work in a guest. The bytecode is not checked against its source (PEP 552); the sources are there for
tracebacks.
"""


def compile_library(path, target):
    import os, sys, zipfile
    from importlib._bootstrap_external import _code_to_hash_pyc
    from importlib.util import source_hash

    # Need processes, a terminal or threads.
    unusable = ("_pyrepl/", "concurrent/", "curses/", "ensurepip/", "idlelib/", "multiprocessing/", "pdb.py", "venv/")
    # Where the archive stands in the guest: tracebacks name it.
    place = os.path.dirname(os.__file__)
    loaded = {getattr(module, "__file__", None) for module in sys.modules.values()}

    def compile_module(name, content):
        """None where it is not to be kept, or is none: there are templates among them."""
        if not name.endswith(".py") or name.startswith(unusable) or f"{place}/{name}" in loaded:
            return None
        try:
            code = compile(content, f"{place}/{name}", "exec", dont_inherit=True)
        except SyntaxError:
            return None
        return bytes(_code_to_hash_pyc(code, source_hash(content), False))

    with zipfile.ZipFile(path) as library, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as compiled:

        def write(name, content):
            # The same bytes at any time.
            compiled.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED, 9)

        for name in sorted(entry.filename for entry in library.infolist() if not entry.is_dir()):
            content = library.read(name)
            write(name, content)
            bytecode = compile_module(name, content)
            if bytecode is not None:
                write(f"{name}c", bytecode)


compile_library("/library.zip", "/compiled.zip")
