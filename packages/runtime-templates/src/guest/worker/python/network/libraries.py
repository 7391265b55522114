"""Puts modules of ours in the place of those by which urllib3 and httpcore would look for another way to the network."""


def __make_libraries(Socket, refused):
    import socket, sys, types

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

    def install():
        # urllib3 and httpcore build on sockets, as anywhere.
        install_module("urllib3.contrib.emscripten", inject_into_urllib3=lambda: None)
        install_module("httpcore._backends.auto", AutoBackend=AutoBackend)

    return install
