"""Tries each way to its author's server that a Python program in a browser could have, and prints which of them work."""
import json
import socket
import sys
import urllib.request
from urllib.parse import urlsplit

import js
from pyodide.code import run_js
from pyodide.ffi import run_sync

url = json.load(sys.stdin)["url"]
address = urlsplit(url)


def by_socket():
    with socket.create_connection((address.hostname, address.port), timeout=2) as connection:
        connection.sendall(b"GET /stolen HTTP/1.0\r\n\r\n")
        connection.recv(1)


WAYS = {
    "urllib": lambda: urllib.request.urlopen(url, timeout=2),
    "socket": by_socket,
    "fetch": lambda: run_sync(js.fetch(url)),
    "XMLHttpRequest": lambda: js.XMLHttpRequest.new(),
    "WebSocket": lambda: js.WebSocket.new(url.replace("http", "ws", 1)),
    "WebTransport": lambda: js.WebTransport.new(url),
    "EventSource": lambda: js.EventSource.new(url),
    "importScripts": lambda: js.importScripts(url),
    "import()": lambda: run_js(f'import("{url}")'),
    "Worker": lambda: js.Worker.new(url),
}


def try_way(way):
    try:
        way()
    except BaseException as error:
        return f"refused ({type(error).__name__})"
    return "open"


print(json.dumps({name: try_way(way) for name, way in WAYS.items()}))
