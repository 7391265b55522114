"""How the code of a session calls tools: plainly, or awaited, as the code itself shows.

This file is executed once, before the memory snapshot is taken, and before session.py, which uses it.
"""


def __make_tool_calls():
    import ast, json, types
    from pyodide.ffi import run_sync

    # What takes awaitables: a call of a tool that stands in its arguments is begun, not waited for. Some of the names mean
    # something else where they are not asyncio's.
    gatherers = {"gather", "as_completed", "wait_for", "shield", "create_task", "ensure_future"}
    of_asyncio = {*gatherers, "wait", "run"}
    of_groups = {"create_task", "ensure_future", "run_until_complete"}
    door = types.SimpleNamespace(call=None, interrupted=False)

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
        if door.interrupted:
            raise KeyboardInterrupt("the run was interrupted")
        answer = json.loads(text)
        if "error" not in answer:
            return answer.get("value")
        error = answer["error"]
        raise ToolError(tool, error["code"], error["message"], error.get("details"), error.get("retryable", False))

    def call(tool, arguments=None, /):
        """Calls a tool and waits for its result."""
        return read_answer(tool, run_sync(door.call(tool, to_request(tool, arguments or {}))))

    async def call_async(tool, arguments=None, /):
        """Calls a tool while other tasks go on."""
        return read_answer(tool, await door.call(tool, to_request(tool, arguments or {})))

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
            if self.gathers(node.func):
                for argument in node.args:
                    self.mark(argument)
            self.generic_visit(node)

        def visit_AsyncFor(self, node):
            self.mark(node.iter)
            self.generic_visit(node)

        def gathers(self, function):
            match function:
                case ast.Name(id=name):
                    return name in gatherers
                case ast.Attribute(value=ast.Name(id="asyncio" | "aio"), attr=name):
                    return name in of_asyncio
                case ast.Attribute(attr=name):
                    return name in of_groups
            return False

        def mark(self, node):
            match node:
                case ast.Name(id=name):
                    self.names.add(name)
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="values" | "copy" | "pop")):
                    self.names.add(name)
                case ast.Call(func=ast.Name(id="map" | "list" | "tuple" | "reversed"), args=arguments):
                    for argument in arguments:
                        self.mark(argument)
                case ast.Call(func=function):
                    self.found.append(node)
                    # What a function of the code gives is awaited by way of its name.
                    if isinstance(function, ast.Name):
                        self.names.add(function.id)
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
                case ast.FunctionDef(name=name) if name in self.names:
                    for part in ast.walk(node):
                        if isinstance(part, (ast.Return, ast.Yield)):
                            self.mark(part.value)
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

    def install(builtins, modules):
        """Makes the module `toolpocket`, and `begin` where code looks for it and no name of the code can hide it."""
        module = types.ModuleType("toolpocket", "Calls tools of the session: call(name, arguments), or await call_async(…).")
        module.__dict__.update(call=call, call_async=call_async, ToolError=ToolError)
        modules["toolpocket"] = module
        builtins.__pocket_begin__ = begin

    def connect(call_tool):
        door.call = call_tool

    def interrupt(state):
        door.interrupted = state

    return types.SimpleNamespace(
        ToolError=ToolError,
        connect=connect,
        # What waits for a tool is interrupted, and no retry of the code takes that for a failure of the tool.
        interrupt=interrupt,
        install=install,
        transform=lambda tree: AsyncForms().transform(tree),
    )


__tool_calls = __make_tool_calls()
