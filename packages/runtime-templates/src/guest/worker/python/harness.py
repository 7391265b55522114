"""Runs a tool's entry the way a Python process would, and tells how it ended.

This file is executed once, in the interpreter's globals, before the memory snapshot is taken: its functions and the
modules it imports are part of the snapshot. The host keeps them, then `__forget` removes their names.
"""


def __make_harness():
    import ast, asyncio, atexit, base64, collections, contextlib, csv, dataclasses, datetime, decimal, enum, functools
    import hashlib, html, importlib, importlib.metadata, importlib.util, inspect, io, itertools, json, linecache, math, os
    import pathlib, random, re, shutil, site, statistics, string, sys, tempfile, textwrap, time, traceback, types, typing
    import urllib.parse, urllib.request, uuid, zipfile, zipimport
    from importlib._bootstrap_external import _code_to_hash_pyc
    from pyodide.ffi import run_sync

    # What an interpreter has imported before its first line: a tool's module of that name stands behind it, as ever.
    start_modules = {
        "__main__", "_pyodide", "abc", "builtins", "codecs", "encodings", "genericpath", "importlib", "io", "js", "marshal",
        "os", "posixpath", "pyodide", "pyodide_js", "site", "stat", "sys", "time", "zipimport",
    }
    harness_file = __make_harness.__code__.co_filename
    packages = f"{site.getsitepackages()[0]}/"
    bound = types.SimpleNamespace(folder="", entry={}, args=[], code=None, error=None)

    def keep_library_list():
        """What stands in the standard library's archive never changes: read again, its list takes a tenth of a second."""
        library = zipimport.zipimporter(os.path.dirname(os.__file__)).archive
        invalidate = zipimport.zipimporter.invalidate_caches

        def invalidate_caches(self):
            if self.archive != library:
                invalidate(self)

        zipimport.zipimporter.invalidate_caches = invalidate_caches

    def bind(folder, entry_json, args_json):
        bound.folder = folder
        bound.entry = json.loads(entry_json)
        bound.args = json.loads(args_json)
        os.chdir(folder)
        # Pyodide puts a hook of its own here each time it is loaded; a tool finds Python's.
        sys.excepthook = sys.__excepthook__
        entry = bound.entry
        if entry["kind"] != "wheel":
            path = f"{folder}/{entry['path']}"
            try:
                with open(path, "rb") as file:
                    bound.code = compile(file.read(), path, "exec", dont_inherit=True)
            except Exception as error:
                # Whatever is wrong with the file is told when it is run, as Python would.
                bound.error = error.with_traceback(None)

    def run(input_json, environment_json):
        random.seed()
        value = failure = None
        try:
            set_environment(json.loads(environment_json))
            if bound.error is not None:
                raise bound.error
            if bound.entry["kind"] == "function":
                value = call_function(json.loads(input_json))
            elif bound.entry["kind"] == "wheel":
                run_wheel()
            else:
                run_script()
            exit_code = 0
        except SystemExit as stop:
            exit_code = to_exit_code(stop.code)
        except MemoryError as error:
            exit_code, failure = 1, "memory_exceeded"
            report(error)
        except BaseException as error:
            exit_code = 1
            report(error)
        try:
            atexit._run_exitfuncs()
        except BaseException as error:
            report(error)
        return (exit_code, value, failure)

    def set_environment(variables):
        os.environ.clear()
        os.environ.update({"HOME": bound.folder, "LANG": "C.UTF-8"})
        os.environ.update(variables)

    def put_on_path(folder):
        """Puts `folder` first on sys.path; a module in it goes before one of the same name that only we have imported."""
        sys.path.insert(0, folder)
        for name in os.listdir(folder):
            name = name.removesuffix(".py")
            if name in sys.modules and name not in start_modules:
                for module in [loaded for loaded in sys.modules if loaded == name or loaded.startswith(f"{name}.")]:
                    del sys.modules[module]

    def run_script():
        path = f"{bound.folder}/{bound.entry['path']}"
        name = bound.entry.get("module")
        main = types.ModuleType("__main__")
        main.__file__ = path
        main.__builtins__ = __builtins__
        sys.argv = [path, *bound.args]
        sys.modules["__main__"] = main
        if name is None:
            put_on_path(os.path.dirname(path))
        else:
            # As `python -m`: the folder that holds the package is on the path, and the package is imported first.
            put_on_path(os.path.dirname(path.removesuffix(".py").removesuffix(name.replace(".", "/"))))
            main.__package__ = name.rpartition(".")[0]
            main.__spec__ = importlib.util.spec_from_file_location(name, path)
            if main.__package__:
                importlib.import_module(main.__package__)
        exec(bound.code, main.__dict__)

    def call_function(arguments):
        if not isinstance(arguments, dict):
            raise TypeError(f"the input of a function is an object, not {type(arguments).__name__}")
        path = f"{bound.folder}/{bound.entry['path']}"
        sys.argv = [path, *bound.args]
        put_on_path(os.path.dirname(path))
        name = os.path.splitext(os.path.basename(path))[0]
        module = types.ModuleType(name)
        module.__file__ = path
        module.__spec__ = importlib.util.spec_from_file_location(name, path)
        module.__builtins__ = __builtins__
        sys.modules[name] = module
        exec(bound.code, module.__dict__)
        function = getattr(module, bound.entry["function"], None)
        if not callable(function):
            raise AttributeError(f"{bound.entry['path']} has no function '{bound.entry['function']}'")
        result = function(**arguments)
        if inspect.isawaitable(result):
            result = run_sync(result)
        return to_json(result, bound.entry["function"])

    def run_wheel():
        name = bound.entry["module"]
        sys.argv = [name, *bound.args]
        put_on_path(bound.folder)
        importlib.invalidate_caches()
        result = importlib.import_module(name).main()
        if inspect.isawaitable(result):
            run_sync(result)

    def to_json(result, function):
        try:
            return json.dumps(result, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError) as error:
            raise TypeError(f"{function}() returned what is not JSON: {error}") from None

    def to_exit_code(code):
        if code is None:
            return 0
        if isinstance(code, int):
            return code & 0xFF
        try:
            print(code, file=sys.stderr or sys.__stderr__)
        except Exception:
            pass
        return 1

    def report(error):
        """Prints the traceback as Python does, without the frames that are ours."""
        try:
            if sys.excepthook is not sys.__excepthook__:
                return sys.excepthook(type(error), error, error.__traceback__)
            description = traceback.TracebackException.from_exception(error)
            strip(description)
            print("".join(description.format()), end="", file=sys.stderr or sys.__stderr__)
        except Exception:
            # There may be no room even for that, or the tool has put something else in place; the exit code tells.
            pass

    def strip(description):
        for part in (description.__cause__, description.__context__, *(getattr(description, "exceptions", None) or ())):
            if part is not None:
                strip(part)
        frames = [frame for frame in description.stack or () if not is_ours(frame.filename)]
        description.stack = traceback.StackSummary.from_list(frames) if frames else None

    def is_ours(file):
        return (
            file == harness_file
            or file.startswith(("<frozen importlib", "http://"))
            or file.endswith(("/_pyodide/_base.py", "/worker.js"))
        )

    def list_modules():
        """Of the modules that are imported, those in the folder of packages, by their paths in there."""
        files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
        return json.dumps([file.removeprefix(packages) for file in files if is_package_source(file)])

    def is_package_source(file):
        return isinstance(file, str) and file.startswith(packages) and file.endswith(".py")

    def compile_module(path):
        """Writes the bytecode of a module in the folder of packages, and gives its path; None where it cannot be compiled.

        Python holds it against the source each time (PEP 552): a program that changes a file of a package runs what it wrote.
        """
        file = packages + path
        try:
            with open(file, "rb") as source_file:
                source = source_file.read()
            code = compile(source, file, "exec", dont_inherit=True)
        except Exception:
            return None
        target = importlib.util.cache_from_source(file)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as bytecode:
            bytecode.write(_code_to_hash_pyc(code, importlib.util.source_hash(source), True))
        return target.removeprefix(packages)

    def finish():
        """What an interpreter does at its end: the streams are flushed. Gives an exit code where that fails."""
        failed = 0
        for stream in (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__):
            try:
                stream.flush()
            except OSError:
                failed = 120
            except Exception:
                # A stream that the tool has closed, or put in place of its own.
                pass
        return failed

    def restore(state=None):
        """Takes back what a rehearsal has left; without `state`, tells what that is."""
        if state is None:
            return (list(sys.path), list(sys.argv), sys.modules.get("__main__"), os.getcwd())
        sys.path[:], sys.argv, sys.modules["__main__"], folder = state
        os.chdir(folder)
        bound.code = bound.error = None
        sys.stdout.flush()

    def forget():
        for name in ("__make_harness", "__harness", "__forget", "__connect_network"):
            globals().pop(name, None)

    keep_library_list()
    return (bind, run, finish, restore, list_modules, compile_module), forget


__harness, __forget = __make_harness()
