"""Reads what a program writes into a connection as HTTP/1.1 requests, and asks them of the host."""


def __make_wire(door, Exchange, refused):
    import collections, errno, json, re
    from pyodide.ffi import to_js

    request_line = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~\x80-\xff]+) HTTP/1\.[01]")
    start_of_line = re.compile(rb"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,32}( |$)")
    max_head_bytes = 262_144

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

    return Wire
