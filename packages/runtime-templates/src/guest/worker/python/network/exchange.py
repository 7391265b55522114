"""One request to the host, and its answer as the bytes of an HTTP/1.1 response."""


def __make_exchange(to_error):
    import json, re

    own_headers = {"connection", "keep-alive", "transfer-encoding"}
    bodiless_statuses = {204, 304}

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

    return Exchange
