"""What the host says of a request that it could not make, as the exceptions that sockets raise."""


def __make_failures():
    import errno, socket, ssl, types

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

    return types.SimpleNamespace(refused=refused, to_error=to_error)
