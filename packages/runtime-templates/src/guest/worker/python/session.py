"""Runs code in a session: one interpreter that lives on from run to run, with its variables, modules and files.

This file is executed once, before the memory snapshot is taken. What it tells of a run is JSON, which the host checks.
"""


def __make_session(calls):
    import ast, asyncio, builtins, importlib, json, linecache, math, os, random, re, reprlib, sys, traceback, types
    from pyodide.code import CodeRunner
    from pyodide.ffi import run_sync

    max_depth = 200
    max_files = 10_000
    max_frames = 12
    max_traceback = 6_000
    max_message = 2_000
    home = types.SimpleNamespace(folder="", library="", main=None, runs=0, interrupted=False)

    def start(workspace, library, prelude):
        os.makedirs(workspace, exist_ok=True)
        home.folder, home.library = workspace, library
        # As it was when the snapshot was made, and so the same in every session.
        random.seed()
        os.chdir(workspace)
        sys.excepthook = sys.__excepthook__
        sys.path.insert(0, library)
        sys.path.insert(0, workspace)
        importlib.invalidate_caches()
        calls.install(builtins, sys.modules)
        home.main = types.ModuleType("__main__")
        home.main.__builtins__ = builtins
        sys.modules["__main__"] = home.main
        sys.argv = [""]
        if prelude:
            exec(compile(prelude, "<prelude>", "exec"), home.main.__dict__)

    def execute(request_json):
        """Runs code, and tells what came of it as JSON text."""
        request = json.loads(request_json)
        # What only begins the session is no run of the code's author.
        home.runs += request["code"] != ""
        set_interrupted(False)
        set_environment(request["environment"])
        name = f"<run {home.runs}>"
        before = scan()
        report = {}
        try:
            value = run_code(request["code"], name)
            if value is not None:
                report["value"] = describe(value, request["maxValueBytes"])
                home.main.__dict__["_"] = value
        except SystemExit as stop:
            if stop.code not in (None, 0):
                message = f"the code ended with sys.exit({stop.code!r})"[:max_message]
                report["error"] = {"type": "SystemExit", "message": message}
        except BaseException as error:
            report["error"] = explain(error, name)
        try:
            cancel_tasks()
            sys.stdout.flush()
            sys.stderr.flush()
        except BaseException:
            # A stream that the code has closed, or put in place of its own.
            pass
        report["files"] = changes(before, scan())
        return json.dumps(report)

    def run_code(code, name):
        linecache.cache[name] = (len(code), None, [line + "\n" for line in code.splitlines()], name)
        runner = CodeRunner(code, filename=name, flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        calls.transform(runner.ast)
        runner.compile()
        # Code without await runs outside of any task, so that it may wait for whatever it likes.
        if runner.code is not None and runner.code.co_flags & 0x80:
            return run_sync(runner.run_async(home.main.__dict__))
        return runner.run(home.main.__dict__)

    def set_environment(variables):
        for name, value in {"HOME": home.folder, "LANG": "C.UTF-8", **variables}.items():
            os.environ[name] = value

    def cancel_tasks():
        for task in asyncio.all_tasks(asyncio.get_event_loop()):
            task.cancel()

    def set_interrupted(state):
        home.interrupted = state
        calls.interrupt(state)

    def interrupt():
        set_interrupted(True)
        cancel_tasks()

    def is_json(value, room, depth=0):
        """Whether it is JSON of no more parts than there is room for: `room` is a list of one number."""
        room[0] -= 1
        if room[0] < 0:
            return False
        kind = type(value)
        if value is None or kind in (bool, str, int):
            return True
        if kind is float:
            return math.isfinite(value)
        if depth > max_depth:
            return False
        if kind in (list, tuple):
            return all(is_json(item, room, depth + 1) for item in value)
        return kind is dict and all(type(key) is str and is_json(item, room, depth + 1) for key, item in value.items())

    def cut_middle(text, most):
        if len(text) <= most:
            return text, False
        half = most // 2
        return f"{text[:half]}\n… {len(text) - 2 * half} characters left out …\n{text[-half:]}", True

    def describe(value, max_bytes):
        """The value as JSON where it is JSON and not too long, else as text."""
        # No part of it takes less than two bytes.
        if is_json(value, [max_bytes // 2]):
            text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            try:
                size = len(text.encode())
            except UnicodeEncodeError:
                # A lone surrogate is no UTF-8, and is told by its number.
                text = json.dumps(value, allow_nan=False, separators=(",", ":"))
                size = len(text)
            if size <= max_bytes:
                return {"json": text}
        most = max_bytes // 8
        short = reprlib.Repr(
            maxlevel=20, maxdict=most, maxlist=most, maxtuple=most, maxset=most, maxfrozenset=most, maxdeque=most,
            maxarray=most, maxlong=most, maxstring=sys.maxsize, maxother=sys.maxsize,
        )
        # An address says nothing, and would make a result differ from run to run.
        text, is_cut = cut_middle(re.sub(r"(?<= at )0x[0-9a-f]+(?=>)", "0x…", short.repr(value)), most)
        return {"repr": text, "cut": is_cut}

    def explain(error, name):
        if home.interrupted and isinstance(error, (KeyboardInterrupt, asyncio.CancelledError)):
            error = error if isinstance(error, KeyboardInterrupt) else KeyboardInterrupt().with_traceback(error.__traceback__)
        told = {"type": type(error).__name__}
        try:
            told["message"] = str(error)[:max_message]
            described = traceback.TracebackException.from_exception(error, limit=-200)
            line = error.lineno if isinstance(error, SyntaxError) and error.filename == name else None
            for frame in described.stack:
                if frame.filename == name:
                    line = frame.lineno
            if line is not None:
                told["line"] = line
            trim(described)
            told["traceback"] = cut_middle("".join(described.format()), max_traceback)[0]
            if isinstance(error, calls.ToolError):
                told["toolCode"] = str(error.code)[:200]
            if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
                told["module"] = error.name.partition(".")[0][:200]
        except BaseException:
            # An error may be one whose text cannot be had.
            told.setdefault("message", "")
        return told

    def trim(described):
        """Leaves the frames of the code, and of a library the one that raised."""
        for part in (described.__cause__, described.__context__, *(getattr(described, "exceptions", None) or ())):
            if part is not None:
                trim(part)
        # What went on inside of a library before it raised is not the code's to mend.
        if described.__cause__ is None and described.__context__ is not None and is_foreign(described.__context__):
            described.__context__ = None
        frames = [frame for frame in described.stack or () if not is_ours(frame.filename)]
        kept = [frame for frame in frames[:-1] if not is_library(frame.filename)] + frames[-1:]
        described.stack = traceback.StackSummary.from_list(kept[-max_frames:])

    def is_foreign(described):
        return all(is_library(frame.filename) for frame in described.stack)

    def is_library(file):
        return file.startswith("/lib/python")

    def is_ours(file):
        return (
            file in (harness_file, f"{home.library}/tools/__init__.py")
            or file.startswith(("<frozen importlib", "http://"))
            or file.endswith(("/_pyodide/_base.py", "/pyodide/webloop.py", "/worker.js"))
        )

    def scan():
        """Files of the workspace with size and time."""
        found = {}
        folders = [home.folder]
        while folders:
            try:
                entries = sorted(os.scandir(folders.pop()), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                if len(found) >= max_files:
                    return found
                try:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name != "__pycache__":
                            folders.append(entry.path)
                    elif entry.is_file():
                        state = entry.stat()
                        found[entry.path[len(home.folder) + 1 :]] = (state.st_size, state.st_mtime_ns)
                except OSError:
                    continue
        return found

    def changes(before, after):
        return [{"path": path, "size": state[0]} for path, state in sorted(after.items()) if before.get(path) != state]

    def list_files():
        return json.dumps([{"path": path, "size": state[0]} for path, state in sorted(scan().items())])

    def forget():
        for name in ("__make_tool_calls", "__tool_calls", "__make_session", "__session", "__forget_session"):
            globals().pop(name, None)

    harness_file = __make_session.__code__.co_filename
    return (start, calls.connect, execute, interrupt, list_files), forget


__session, __forget_session = __make_session(__tool_calls)
