"""socket.socket and ssl.SSLSocket, whose connections end at the host's door."""


def __make_sockets(Wire, refused):
    import errno, socket, ssl, types
    from pyodide.ffi import run_sync

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

    Socket.__name__ = Socket.__qualname__ = Socket.__module__ = "socket"
    TlsSocket.__name__, TlsSocket.__qualname__, TlsSocket.__module__ = "SSLSocket", "SSLSocket", "ssl"
    return types.SimpleNamespace(Socket=Socket, TlsSocket=TlsSocket, wrap_socket=wrap_socket)
