"""Looks up no names: they stay names until the host connects."""


def __make_names():
    import socket

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

    return getaddrinfo
