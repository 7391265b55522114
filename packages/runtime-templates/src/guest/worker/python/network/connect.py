"""Gives Python's sockets one way out: HTTP requests, which the host makes.

The files of this folder are executed once, in order and this one last, before the memory snapshot is taken. What a program
writes into a socket is read as HTTP/1.1 and asked of the host; the host's answer is what it reads from the socket. So
whatever builds on sockets works as it is: http.client, urllib, requests, urllib3, httpx. Names, certificates, redirects and
grants are the host's: nothing that a program sets on a socket or an SSL context changes what the host checks.
"""


def __make_network():
    import io, socket, ssl, types
    import pyodide.http, pyodide.http._pyfetch as pyfetch_module

    door = types.SimpleNamespace(open=None)
    failures = __make_failures()
    wire = __make_wire(door, __make_exchange(failures.to_error), failures.refused)
    sockets = __make_sockets(wire, failures.refused)

    def open_url(url):
        """pyodide.http.open_url: the text at `url`."""
        import urllib.request

        with urllib.request.urlopen(url) as answer:
            return io.StringIO(answer.read().decode(answer.headers.get_content_charset() or "utf-8", "replace"))

    def connect(open_call, fetch, request_class):
        """Opens the door: from now on the functions above have somewhere to go."""
        door.open = open_call
        pyfetch_module._jsfetch, pyfetch_module.Request = fetch, request_class

    socket.socket = socket.SocketType = sockets.Socket
    socket.getaddrinfo = __make_names()
    socket.gethostbyname = lambda host: host
    ssl.SSLSocket = ssl.SSLContext.sslsocket_class = sockets.TlsSocket
    ssl.SSLContext.wrap_socket = sockets.wrap_socket
    ssl.socket = sockets.Socket
    # Contexts may be set up as for a real library; what they say changes nothing.
    ssl.HAS_NEVER_CHECK_COMMON_NAME = True
    __make_libraries(sockets.Socket, failures.refused)()
    pyodide.http.open_url = open_url
    for part in ("failures", "exchange", "wire", "sockets", "names", "libraries", "network"):
        globals().pop(f"__make_{part}")
    return connect


__connect_network = __make_network()
