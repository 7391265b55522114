"""The tools of this session as functions: `from tools import weather`, `tools.github.create_issue(title="…")`.

A call gives the tool's result, or raises `ToolError`. Under `await`, or in `asyncio.gather(…)`, calls run side by side.
`search_tools(query)`, `list_tools(group)` and `read_stub(name)` find tools and their types.
"""

import functools as _functools
import json as _json
import os as _os
import sys as _sys
import types as _types

from toolpocket import ToolError, call as _call, call_async as _call_async

_folder = _os.path.dirname(__file__)
with open(f"{_folder}/_index.json", encoding="utf-8") as _file:
    # Of each path below `tools`: tool, summary, group, and names of arguments that Python had to rename.
    _index = {_entry["path"]: _entry for _entry in _json.load(_file)}
with open(f"{_folder}/_header.txt", encoding="utf-8") as _file:
    _header = _file.read()

_names = {}
for _path in _index:
    _parts = _path.split(".")
    for _depth in range(len(_parts)):
        _names.setdefault(".".join(_parts[:_depth]), {}).setdefault(_parts[_depth], None)

__all__ = [*_names.get("", {}), "ToolError", "search_tools", "list_tools", "read_stub", "read_result"]


def _read_source(path):
    with open(f"{_folder}/stubs/{path}.py", encoding="utf-8") as file:
        return file.read()


def _compile(path):
    """The function of one stub. A stub that Python does not take costs its types, and nothing else."""
    entry = _index[path]
    name = path.rpartition(".")[2]
    scope = {"__name__": f"tools.{path}"}
    try:
        exec(compile(_header + _read_source(path), f"{_folder}/stubs/{path}.py", "exec"), scope)
        return _bind(entry, scope[name])
    except Exception as error:
        def stub(**arguments): ...

        stub.__name__ = stub.__qualname__ = name
        stub.__doc__ = f"{entry['summary']}\n\nIts types are not known: {error}"
        return _bind(entry, stub)


def _bind(entry, stub):
    code = stub.__code__
    places = code.co_varnames[: code.co_argcount]
    defaults = {key: value for key, value in (stub.__kwdefaults__ or {}).items() if value is not ...}
    renamed = entry["renamed"]

    def read(args, kwargs):
        # The stub itself refuses arguments that it does not have, in Python's own words.
        stub(*args, **kwargs)
        given = {**defaults, **dict(zip(places, args)), **kwargs}
        return {renamed.get(key, key): value for key, value in given.items() if value is not ...}

    def function(*args, **kwargs):
        return _call(entry["tool"], read(args, kwargs))

    async def function_async(*args, **kwargs):
        return await _call_async(entry["tool"], read(args, kwargs))

    # Annotations stay with the stub: they are read where somebody asks for them.
    _functools.update_wrapper(function, stub, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    function.__pocket_async__ = function_async
    return function


class _Namespace(_types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        path = f"{self.__name__}.{name}".removeprefix("tools.")
        return _find(path, self.__name__, name)

    def __dir__(self):
        return sorted(_names.get(self.__name__.removeprefix("tools").removeprefix("."), ()))


def _find(path, parent, name):
    if path in _index:
        found = _compile(path)
        for inner in _names.get(path, ()):
            setattr(found, inner, _find(f"{path}.{inner}", f"tools.{path}", inner))
    elif path in _names:
        found = _sys.modules[f"tools.{path}"]
    else:
        # Python itself names a near one that stands beside it.
        raise AttributeError(f"there is no tool {path!r}{_suggest(path, beside=False)}")
    if parent in _sys.modules:
        setattr(_sys.modules[parent], name, found)
    return found


# So that `from tools.github import create_issue` finds its module.
for _path in _names:
    if _path and _path not in _index:
        _sys.modules[f"tools.{_path}"] = _Namespace(f"tools.{_path}")
        _sys.modules[f"tools.{_path}"].__path__ = []


def _suggest(path, beside=True):
    import difflib

    near = difflib.get_close_matches(path, _index, 1) or [known for known in _index if known.endswith(f".{path}")][:1]
    if near and not beside and near[0].rpartition(".")[0] == path.rpartition(".")[0]:
        return ""
    return f", did you mean {near[0]!r}?" if near else ": search_tools(query) finds what there is"


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module 'tools' has no attribute {name!r}")
    return _find(name, "tools", name)


def __dir__():
    return sorted(__all__)


def list_tools(group=None):
    """The groups with the number of their tools; or of one group the tools, each with its summary."""
    if group is None:
        counts = {}
        for entry in _index.values():
            counts[entry["group"]] = counts.get(entry["group"], 0) + 1
        return counts
    found = {path: entry["summary"] for path, entry in _index.items() if entry["group"] == group}
    if not found:
        raise ValueError(f"there is no group {group!r}; the groups are {', '.join(sorted(list_tools()))}")
    return found


def read_stub(name):
    """The stub of a tool as text: its arguments with their types, and what it does."""
    path = name.removeprefix("tools.")
    if path not in _index:
        named = [known for known, entry in _index.items() if entry["tool"] == name]
        if not named:
            raise ValueError(f"there is no tool {name!r}{_suggest(path)}")
        path = named[0]
    return _read_source(path)


def search_tools(query, detail="summary", limit=10):
    """The tools that fit the words of `query`, best first. `detail` is "name", "summary" or "stub"."""
    if detail not in ("name", "summary", "stub"):
        raise ValueError(f'detail is {detail!r}; it is "name", "summary" or "stub"')
    words = _split(query)
    rated = []
    for place, (path, entry) in enumerate(_index.items()):
        score = _rate(words, path, entry)
        if score > 0:
            rated.append((-score, place, path))
    paths = [path for _, _, path in sorted(rated)[:limit]]
    if detail == "name":
        return paths
    if detail == "stub":
        return {path: _read_source(path) for path in paths}
    return {path: _index[path]["summary"] for path in paths}


def _split(text):
    import re

    return [word.lower() for word in re.findall(r"[^\W_]+", re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", text))]


def _rate(words, path, entry):
    name, summary = _split(f"{path} {entry['tool']}"), _split(entry["summary"])
    score = 0
    for word in words:
        # A word that begins another one counts too: "issue" finds "issues".
        score += 5 * any(known == word for known in name) + 3 * any(known.startswith(word) for known in name)
        score += 2 * any(known == word for known in summary) + any(known.startswith(word) for known in summary)
    return score


def read_result(handle, offset=0, length=6000):
    """A part of an output that was cut, from character `offset`."""
    path = f"/tmp/results/{_os.path.basename(str(handle))}.txt"
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except OSError:
        raise ValueError(f"there is no result {handle!r} any more") from None
    return text[offset : offset + length]
