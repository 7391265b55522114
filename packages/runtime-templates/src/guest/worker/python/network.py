"""Gives Python's sockets one way out: HTTP requests, which the host makes.

This file is executed once, before the memory snapshot is taken. What a program writes into a socket is read here as
HTTP/1.1 and asked of the host; the host's answer is what it reads from the socket. So whatever builds on sockets works as
it is: http.client, urllib, requests, urllib3, httpx. Names, certificates, redirects and grants are the host's: nothing
that a program sets on a socket or an SSL context changes what the host checks.
"""


def __make_network():
    import collections, errno, io, json, re, socket, ssl, sys, types
    from pyodide.ffi import run_sync, to_js

    request_line = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~\x80-\xff]+) HTTP/1\.[01]")
    start_of_line = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,32}( |$)")
    max_head_bytes = 262_144
    own_headers = {"connection", "keep-alive", "transfer-encoding"}
    bodiless_statuses = {204, 304}
    door = types.SimpleNamespace(open=None)

    def refused(what):
        return PermissionError(errno.EACCES, f"network access denied: {what}")

    def to_error(code, message):
        if code == "unsupported":
            return refused("network access is not granted to this tool")
        if code == "denied":
            return refused(message)
        if code == "dns":
            return socket.gaierror(socket.EAI_NONAME, message)
        if code == "timeout":
            return TimeoutError(errno.ETIMEDOUT, message)
        if code == "unreachable":
            return ConnectionRefusedError(errno.ECONNREFUSED, message)
        if code == "tls":
            return ssl.SSLError(1, message)
        if code in ("too_large", "too_many", "protocol"):
            number = {"too_large": errno.EMSGSIZE, "too_many": errno.EMFILE, "protocol": errno.EPROTO}[code]
            return OSError(number, message)
        return ConnectionResetError(errno.ECONNRESET, message)

    class Exchange:
        """One request to the host, and its answer as the bytes of an HTTP/1.1 response."""

        def __init__(self, call, method):
            self.call = call
            self.method = method
            self.head = True
            self.over = False
            self.failure = None
            # Where nothing else tells the length of a body, its end is the connection's.
            self.ends_connection = False

        def accept(self, part):
            """Takes what the host says next; gives the bytes that it stands for."""
            if part is None:
                self.over = True
                return b""
            if not isinstance(part, str):
                return part.to_bytes()
            told = json.loads(part)
            if "failure" in told:
                self.over = True
                self.failure = to_error(*told["failure"])
                return b""
            self.head = False
            return self.format_head(told["answer"])

        def format_head(self, answer):
            lines = [f"HTTP/1.1 {answer['status']} {clean(answer['statusText'])}".rstrip()]
            has_length = self.method == "HEAD" or answer["status"] in bodiless_statuses
            for name, value in answer["headers"]:
                if name.lower() in own_headers:
                    continue
                has_length = has_length or name.lower() == "content-length"
                lines.append(f"{name}: {clean(value)}")
            self.ends_connection = not has_length
            if self.ends_connection:
                lines.append("Connection: close")
            return "\r\n".join([*lines, "\r\n"]).encode("latin-1", "replace")

    def clean(text):
        return re.sub(r"[\r\n\0]", " ", text)

    class Wire:
        """The far end of a connection: reads the requests that a program writes, and answers them in turn."""

        def __init__(self, host, port):
            self.host, self.port, self.tls = host, port, False
            self.unread = bytearray()
            self.outbox = bytearray()
            self.exchanges = collections.deque()
            self.sending = None
            # What of the current request's body is still to come: a number of bytes, "size" of a chunk, "end" of a
            # chunk, "trailer"; None where a head is expected.
            self.expects = None
            self.in_chunk = False
            self.answered = False

        @property
        def awaits_answer(self):
            return bool(self.exchanges) and self.sending is None and self.exchanges[0].head

        @property
        def is_at_end(self):
            return bool(self.outbox or (self.exchanges and self.exchanges[0].over))

        def write(self, data):
            """Takes what the program has written; gives what to wait for before it writes on, or None."""
            self.unread += data
            pending = None
            while self.take(): pass
            if self.sending is not None:
                pending = self.sending.call.room()
            return pending

        def take(self):
            """Reads one piece of a request; False where more bytes are needed for one."""
            if self.expects is None:
                return self.take_head()
            if isinstance(self.expects, int):
                return self.take_body()
            end = self.unread.find(b"\r\n")
            if end < 0:
                return False
            line = bytes(self.unread[:end])
            del self.unread[: end + 2]
            if self.expects == "size":
                size = line.partition(b";")[0].strip()
                if not re.fullmatch(rb"[0-9A-Fa-f]{1,15}", size):
                    raise OSError(errno.EPROTO, "a chunk of the request has no size")
                length = int(size, 16)
                self.expects = length or "trailer"
            elif self.expects == "end":
                self.expects = "size"
            elif not line:
                self.finish()
            return True

        def take_head(self):
            end = self.unread.find(b"\r\n\r\n")
            line, complete, _ = bytes(self.unread[:4096]).partition(b"\r\n")
            if line and not (request_line.fullmatch(line) if complete else start_of_line.match(line)):
                raise refused("only HTTP requests leave this tool")
            if end < 0:
                if len(self.unread) > max_head_bytes:
                    raise OSError(errno.EMSGSIZE, "the request's head is too long")
                return False
            lines = bytes(self.unread[:end]).split(b"\r\n")
            del self.unread[: end + 4]
            self.begin(lines)
            return True

        def begin(self, lines):
            matched = request_line.fullmatch(lines[0])
            if not matched:
                raise refused("only HTTP requests leave this tool")
            method, target = (part.decode("latin-1") for part in matched.groups())
            headers, length, chunked = [], 0, False
            for line in lines[1:]:
                name, colon, value = line.decode("latin-1").partition(":")
                value = value.strip(" \t")
                if not colon or name != name.strip():
                    raise OSError(errno.EPROTO, "a field of the request's head is malformed")
                if name.lower() == "content-length":
                    if not re.fullmatch(r"[0-9]{1,15}", value):
                        raise OSError(errno.EPROTO, "the request's length is no number")
                    length = int(value)
                if name.lower() == "transfer-encoding":
                    if value.lower() != "chunked":
                        raise OSError(errno.EPROTO, f"the transfer encoding {value} is not supported")
                    chunked = True
                    continue
                headers.append([name, value])
            request = {
                "method": method, "url": self.to_url(target), "headers": headers, "redirect": "manual", "decompress": False,
            }
            has_body = chunked or length > 0
            # Who asks again has read all that he wants of the answers before.
            self.close()
            self.outbox.clear()
            exchange = Exchange(door.open(json.dumps(request), has_body), method)
            self.exchanges.append(exchange)
            self.in_chunk = chunked
            self.expects = "size" if chunked else length or None
            self.sending = exchange if has_body else None

        def to_url(self, target):
            # A target that is a whole URL is what a proxy would be sent.
            if re.match(r"https?://", target):
                return target.partition("#")[0]
            if not target.startswith("/"):
                raise refused(f"the target {target} is no path")
            host = f"[{self.host}]" if ":" in self.host else self.host
            return f"{'https' if self.tls else 'http'}://{host}:{self.port}{target.partition('#')[0]}"

        def take_body(self):
            if not self.unread:
                return False
            part = bytes(self.unread[: self.expects])
            del self.unread[: len(part)]
            self.sending.call.write(to_js(part))
            self.expects -= len(part)
            if self.expects == 0:
                if self.in_chunk:
                    self.expects = "end"
                else:
                    self.finish()
            return True

        def finish(self):
            self.sending.call.finish()
            self.sending = self.expects = None

        def next(self, timeout):
            """What to wait for: the next part of the answer, to be given to `accept`."""
            return self.exchanges[0].call.next(-1 if timeout is None else round(timeout * 1000))

        def accept(self, part):
            """Keeps what came; False where the time was over."""
            if part is False:
                return False
            exchange = self.exchanges[0]
            self.outbox += exchange.accept(part)
            if exchange.over and exchange.failure is None and not exchange.ends_connection:
                self.exchanges.popleft()
                self.answered = True
            return True

        def read(self, size):
            """Up to `size` bytes, b"" at the end, None where there is nothing yet."""
            if self.outbox:
                data = bytes(self.outbox[:size])
                del self.outbox[:size]
                return data
            if not self.exchanges:
                if self.answered:
                    return b""
                # Nothing was asked, so nothing will ever come: who waits for the other side to begin speaks no HTTP.
                raise refused("only HTTP requests leave this tool")
            exchange = self.exchanges[0]
            if exchange.failure is not None:
                raise exchange.failure
            return b"" if exchange.over else None

        def close(self):
            for exchange in self.exchanges:
                exchange.call.cancel()
            self.exchanges.clear()

    native_socket = socket.socket

    class Socket(native_socket):
        """socket.socket whose connections end at the host's door."""

        def __init__(self, *args, **more):
            super().__init__(*args, **more)
            self._wire = None
            self._seconds = socket.getdefaulttimeout()
            # Whether the time was over while sending, for an answer that has not come.
            self._late = False

        def __repr__(self):
            state = "closed" if self._closed else "connected" if self._wire else "unconnected"
            return f"<socket.socket {state}>"

        def connect(self, address):
            if self.family not in (socket.AF_INET, socket.AF_INET6) or not self.type & socket.SOCK_STREAM:
                raise refused("only HTTP requests leave this tool")
            host, port = address[:2]
            if not isinstance(host, str):
                host = bytes(host).decode("idna")
            self._wire = Wire(host, int(port))

        def connect_ex(self, address):
            try:
                self.connect(address)
            except OSError as error:
                return error.errno
            return 0

        def _connected(self):
            if self._wire is None:
                raise OSError(errno.ENOTCONN, "Socket not connected")
            return self._wire

        def sendall(self, data, flags=0):
            wire = self._connected()
            pending = wire.write(memoryview(data).cast("B"))
            if pending is not None:
                run_sync(pending)
            if wire.awaits_answer and self._seconds != 0:
                # A refusal comes here, as where a connection cannot be made.
                self._late = not wire.accept(run_sync(wire.next(self._seconds)))
                failure = wire.exchanges[0].failure if wire.exchanges else None
                if failure is not None:
                    raise failure

        def send(self, data, flags=0):
            self.sendall(data, flags)
            return memoryview(data).nbytes

        def sendmsg(self, buffers, *rest):
            data = b"".join(buffers)
            self.sendall(data)
            return len(data)

        def sendto(self, data, *rest):
            if self._wire is None:
                raise refused("only HTTP requests leave this tool")
            return self.send(data)

        def sendfile(self, file, offset=0, count=None):
            if offset:
                file.seek(offset)
            return self.send(file.read() if count is None else file.read(count))

        def recv(self, size, flags=0):
            wire = self._connected()
            if size == 0:
                return b""
            while (data := wire.read(size)) is None:
                if self._seconds == 0:
                    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
                if self._late or not wire.accept(run_sync(wire.next(self._seconds))):
                    self._late = False
                    raise TimeoutError("timed out")
            if flags & socket.MSG_PEEK:
                wire.outbox[:0] = data
            return data

        def recv_into(self, buffer, size=0, flags=0):
            view = memoryview(buffer).cast("B")
            data = self.recv(size or len(view), flags)
            view[: len(data)] = data
            return len(data)

        def recvfrom(self, size, flags=0):
            return self.recv(size, flags), None

        def recvfrom_into(self, buffer, size=0, flags=0):
            return self.recv_into(buffer, size, flags), None

        def _refuse(self, *rest):
            raise refused("a sandbox serves nobody")

        bind = listen = accept = _refuse

        def shutdown(self, how):
            self._connected()

        def _real_close(self, *rest):
            if getattr(self, "_wire", None) is not None:
                self._wire.close()
            super()._real_close(*rest)

        def settimeout(self, seconds):
            self._seconds = None if seconds is None else max(0.0, float(seconds))

        def gettimeout(self):
            return self._seconds

        timeout = property(gettimeout)

        def setblocking(self, flag):
            self.settimeout(None if flag else 0)

        def getblocking(self):
            return self._seconds != 0

        def setsockopt(self, *rest):
            pass

        def getsockopt(self, level, option, size=0):
            return bytes(size) if size else 0

        def getpeername(self):
            return (self._connected().host, self._wire.port)

        def getsockname(self):
            return ("0.0.0.0", 0)

    class TlsSocket(Socket):
        """ssl.SSLSocket: the host holds the certificate, and has checked it."""

        context = server_hostname = session = session_reused = _sslobj = None
        server_side = False

        def getpeercert(self, binary_form=False):
            return None if binary_form else {}

        def do_handshake(self, block=False):
            pass

        def cipher(self):
            return ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)

        def version(self):
            return "TLSv1.3"

        def selected_alpn_protocol(self):
            return None

        selected_npn_protocol = compression = shared_ciphers = selected_alpn_protocol

        def pending(self):
            return len(self._connected().outbox)

        def read(self, size=1024, buffer=None):
            return self.recv(size) if buffer is None else self.recv_into(buffer, size)

        def write(self, data):
            return self.send(data)

        def unwrap(self):
            return self

    def wrap_socket(
        self, sock, server_side=False, do_handshake_on_connect=True, suppress_ragged_eofs=True, server_hostname=None,
        session=None,
    ):
        if server_side or not isinstance(sock, Socket):
            raise refused("a sandbox serves nobody")
        if self.check_hostname and not server_hostname:
            raise ValueError("check_hostname requires server_hostname")
        wire = sock._connected()
        if self.check_hostname and server_hostname.rstrip(".").lower() != wire.host.rstrip(".").lower():
            raise ssl.SSLCertVerificationError(1, f"{server_hostname} is not the name that was connected to, {wire.host}")
        wire.tls = True
        sock.__class__ = TlsSocket
        sock.context, sock.server_hostname = self, server_hostname
        return sock

    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        """Names stay names: the host looks them up when it connects."""
        if isinstance(host, bytes):
            host = host.decode("idna")
        if port is None or port == "":
            port = 0
        if isinstance(port, (str, bytes)):
            name = port if isinstance(port, str) else port.decode()
            port = {"http": 80, "https": 443}.get(name) or int(name)
        address = ("localhost" if host is None else host, port)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", address)]

    class AsyncStream:
        """What httpcore reads and writes, waiting as a task waits."""

        def __init__(self, sock):
            self.sock = sock

        async def read(self, max_bytes, timeout=None):
            wire = self.sock._connected()
            while (data := translate(wire.read, max_bytes)) is None:
                if not wire.accept(await wire.next(timeout)):
                    raise httpcore_error("ReadTimeout")("timed out")
            return data

        async def write(self, buffer, timeout=None):
            pending = translate(self.sock._connected().write, buffer)
            if pending is not None:
                await pending

        async def aclose(self):
            self.sock.close()

        async def start_tls(self, ssl_context, server_hostname=None, timeout=None):
            self.sock = translate(ssl_context.wrap_socket, self.sock, server_hostname=server_hostname)
            return self

        def get_extra_info(self, info):
            if info == "is_readable":
                return self.sock._wire is None or self.sock._wire.is_at_end
            return None

    def httpcore_error(name):
        import httpcore

        return getattr(httpcore, name)

    def translate(function, *args, **more):
        try:
            return function(*args, **more)
        except OSError as error:
            raise httpcore_error("ConnectError")(str(error)) from error

    class AutoBackend:
        """httpcore's way to the network, where it finds none of its own."""

        async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
            sock = Socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.connect((host, port))
            return AsyncStream(sock)

        async def connect_unix_socket(self, path, timeout=None, socket_options=None):
            raise httpcore_error("ConnectError")(str(refused("only HTTP requests leave this tool")))

        async def sleep(self, seconds):
            import asyncio

            await asyncio.sleep(seconds)

    def install_module(name, **members):
        """Puts a module of ours where a library would load one that needs what is not here."""
        module = types.ModuleType(name)
        module.__dict__.update(members)
        sys.modules[name] = module

    def open_url(url):
        """pyodide.http.open_url: the text at `url`."""
        import urllib.request

        with urllib.request.urlopen(url) as answer:
            return io.StringIO(answer.read().decode(answer.headers.get_content_charset() or "utf-8", "replace"))

    def connect(open_call, fetch, request_class):
        """Opens the door: from now on the functions above have somewhere to go."""
        door.open = open_call
        pyfetch_module._jsfetch, pyfetch_module.Request = fetch, request_class

    Socket.__name__ = Socket.__qualname__ = Socket.__module__ = "socket"
    TlsSocket.__name__, TlsSocket.__qualname__, TlsSocket.__module__ = "SSLSocket", "SSLSocket", "ssl"
    socket.socket = socket.SocketType = Socket
    socket.getaddrinfo = getaddrinfo
    socket.gethostbyname = lambda host: host
    ssl.SSLSocket = ssl.SSLContext.sslsocket_class = TlsSocket
    ssl.SSLContext.wrap_socket = wrap_socket
    ssl.socket = Socket
    # Contexts may be set up as for a real library; what they say changes nothing.
    ssl.HAS_NEVER_CHECK_COMMON_NAME = True
    # urllib3 and httpcore build on sockets, as anywhere.
    install_module("urllib3.contrib.emscripten", inject_into_urllib3=lambda: None)
    install_module("httpcore._backends.auto", AutoBackend=AutoBackend)
    import pyodide.http, pyodide.http._pyfetch as pyfetch_module

    pyodide.http.open_url = open_url
    globals().pop("__make_network")
    return connect


__connect_network = __make_network()
