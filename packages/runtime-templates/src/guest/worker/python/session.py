"""Runs code in a session: one interpreter that lives on from run to run, with its variables, modules and files.

This file is executed once, before the memory snapshot is taken. What it tells of a run is JSON, which the host checks.
"""


def __make_session():
    import ast, asyncio, builtins, importlib, json, linecache, math, os, random, reprlib, sys, traceback, types
    from pyodide.code import CodeRunner
    from pyodide.ffi import run_sync

    max_depth = 200
    max_files = 10_000
    max_frames = 12
    max_traceback = 6_000
    max_message = 2_000
    # What takes awaitables: a call of a tool that stands in its arguments is begun, not waited for.
    gatherers = {"gather", "wait", "as_completed", "wait_for", "shield", "create_task", "ensure_future", "run", "timeout"}
    home = types.SimpleNamespace(folder="", main=None, runs=0, call=None, interrupted=False)

    class ToolError(Exception):
        """A tool's call that failed: `tool`, `code`, `message`, `details`, and whether a second try may help."""

        def __init__(self, tool, code, message, details=None, retryable=False):
            super().__init__(f"{tool}: {message} ({code})")
            self.tool, self.code, self.message = tool, code, message
            self.details, self.retryable = details, retryable

    def to_request(tool, arguments):
        if not isinstance(tool, str):
            raise TypeError(f"a tool is called by its name, not by {type(tool).__name__}")
        try:
            return json.dumps(arguments, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError) as error:
            raise ToolError(tool, "invalid_input", f"the arguments are not JSON: {error}") from None

    def read_answer(tool, text):
        if home.interrupted:
            raise KeyboardInterrupt("the run was interrupted")
        answer = json.loads(text)
        if "error" not in answer:
            return answer.get("value")
        error = answer["error"]
        raise ToolError(tool, error["code"], error["message"], error.get("details"), error.get("retryable", False))

    def call(tool, arguments=None, /):
        """Calls a tool and waits for its result."""
        return read_answer(tool, run_sync(home.call(tool, to_request(tool, arguments or {}))))

    async def call_async(tool, arguments=None, /):
        """Calls a tool while other tasks go on."""
        return read_answer(tool, await home.call(tool, to_request(tool, arguments or {})))

    def begin(function):
        """The form of `function` that is awaited, where it has one: what stands under `await` or in `gather()` is called so."""
        form = getattr(function, "__pocket_async__", None)
        return form if callable(form) else function

    call.__pocket_async__ = call_async
    call.__module__ = call_async.__module__ = ToolError.__module__ = "toolpocket"
    call.__qualname__, call_async.__qualname__, ToolError.__qualname__ = "call", "call_async", "ToolError"

    class AsyncForms(ast.NodeVisitor):
        """Finds the calls whose result is awaited, here or by way of a name, and wraps what they call in `begin`."""

        def __init__(self):
            self.names = set()
            self.found = []

        def transform(self, tree):
            self.visit(tree)
            known = -1
            # A name may go into another one before that is gathered.
            while known != len(self.names):
                known = len(self.names)
                for node in ast.walk(tree):
                    self.follow(node)
            for node in self.found:
                if not (isinstance(node.func, ast.Call) and getattr(node.func.func, "id", "") == "__pocket_begin__"):
                    begin = ast.Name("__pocket_begin__", ast.Load())
                    node.func = ast.copy_location(ast.Call(begin, [node.func], []), node.func)
            ast.fix_missing_locations(tree)

        def visit_Await(self, node):
            self.mark(node.value)
            self.generic_visit(node)

        def visit_Call(self, node):
            if self.name_of(node.func) in gatherers:
                for argument in node.args:
                    self.mark(argument)
            self.generic_visit(node)

        def visit_AsyncFor(self, node):
            self.mark(node.iter)
            self.generic_visit(node)

        def name_of(self, node):
            return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None)

        def mark(self, node):
            match node:
                case ast.Name(id=name):
                    self.names.add(name)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="values" | "copy" | "pop")):
                    self.names.add(name)
                case ast.Call(func=ast.Name(id="map" | "list" | "tuple" | "reversed"), args=arguments):
                    for argument in arguments:
                        self.mark(argument)
                case ast.Call():
                    self.found.append(node)
                case ast.Lambda(body=inner) | ast.Starred(value=inner) | ast.Subscript(value=inner):
                    self.mark(inner)
                case ast.NamedExpr(value=inner) | ast.DictComp(value=inner):
                    self.mark(inner)
                case ast.ListComp(elt=inner) | ast.GeneratorExp(elt=inner) | ast.SetComp(elt=inner):
                    self.mark(inner)
                case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.Dict(values=parts):
                    for part in parts:
                        self.mark(part)
                case ast.IfExp(body=one, orelse=other):
                    self.mark(one)
                    self.mark(other)
                case ast.BinOp(left=one, right=other):
                    self.mark(one)
                    self.mark(other)

        def follow(self, node):
            """Marks what goes into a name that is awaited."""
            match node:
                case ast.Assign(targets=targets, value=value) if any(self.leads(target) for target in targets):
                    self.mark(value)
                case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
                    if value is not None and self.leads(target):
                        self.mark(value)
                case ast.NamedExpr(target=target, value=value) if self.leads(target):
                    self.mark(value)
                case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
                    if self.leads(target):
                        self.mark(source)
                case ast.Call(func=ast.Attribute(value=value, attr="append" | "add" | "extend" | "insert"), args=arguments):
                    if self.leads(value):
                        for argument in arguments:
                            self.mark(argument)

        def leads(self, target):
            match target:
                case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                    return name in self.names
                case ast.Tuple(elts=parts) | ast.List(elts=parts):
                    return any(self.leads(part) for part in parts)
            return False

    def start(workspace, library, prelude):
        os.makedirs(workspace, exist_ok=True)
        home.folder = workspace
        os.chdir(workspace)
        sys.excepthook = sys.__excepthook__
        sys.path.insert(0, library)
        sys.path.insert(0, workspace)
        importlib.invalidate_caches()
        module = types.ModuleType("toolpocket", "Calls tools of the session: call(name, arguments), or await call_async(…).")
        module.__dict__.update(call=call, call_async=call_async, ToolError=ToolError)
        sys.modules["toolpocket"] = module
        # Where code looks for it, and where no name of the code can hide it.
        builtins.__pocket_begin__ = begin
        home.main = types.ModuleType("__main__")
        home.main.__builtins__ = builtins
        sys.modules["__main__"] = home.main
        sys.argv = [""]
        if prelude:
            exec(compile(prelude, "<prelude>", "exec"), home.main.__dict__)

    def connect(call_tool):
        home.call = call_tool

    def execute(request_json):
        """Runs code, and tells what came of it as JSON text."""
        request = json.loads(request_json)
        home.runs += 1
        home.interrupted = False
        if home.runs == 1:
            random.seed()
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
        AsyncForms().transform(runner.ast)
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

    def interrupt():
        home.interrupted = True
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
            maxarray=most, maxlong=most, maxstring=10 * most, maxother=10 * most,
        )
        text, is_cut = cut_middle(short.repr(value), most)
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
            if isinstance(error, ToolError):
                told["toolCode"] = str(error.code)[:200]
            if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
                told["module"] = error.name.partition(".")[0][:200]
        except BaseException:
            # An error may be one whose text cannot be had.
            told.setdefault("message", "")
        return told

    def trim(described):
        for part in (described.__cause__, described.__context__, *(getattr(described, "exceptions", None) or ())):
            if part is not None:
                trim(part)
        frames = [frame for frame in described.stack or () if not is_ours(frame.filename)]
        described.stack = traceback.StackSummary.from_list(frames[-max_frames:])

    def is_ours(file):
        return (
            file == harness_file
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
        for name in ("__make_session", "__session", "__forget_session"):
            globals().pop(name, None)

    harness_file = __make_session.__code__.co_filename
    return (start, connect, execute, interrupt, list_files), forget


__session, __forget_session = __make_session()
