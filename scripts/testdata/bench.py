# One side of a measurement, as bench.lua is.
import socket
import sys
import threading

role, n = sys.argv[1], int(sys.argv[2])
port = int(sys.argv[3]) if len(sys.argv) > 3 else 0
message, block = b"x" * 64, b"x" * 65536


def udp():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    return s


def listen():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.bind(("127.0.0.1", 0))
    s.listen(128)
    print(s.getsockname()[1], flush=True)
    return s


def connect():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect(("127.0.0.1", port))
    return s


def udp_echo(s):
    for _ in range(n):
        data, address = s.recvfrom(2048)
        s.sendto(data, address)


def udp_ask(s, to):
    for _ in range(n):
        s.sendto(message, to)
        s.recvfrom(2048)


if role == "udp-server":
    s = udp()
    print(s.getsockname()[1], flush=True)
    udp_echo(s)
elif role == "udp-client":
    udp_ask(udp(), ("127.0.0.1", port))
elif role == "udp-tasks":
    one, two = udp(), udp()
    threading.Thread(target=udp_echo, args=(two,)).start()
    udp_ask(one, two.getsockname())
elif role == "tcp-server":
    c, _ = listen().accept()
    for _ in range(n):
        c.send(c.recv(64))
elif role == "tcp-client":
    c = connect()
    for _ in range(n):
        c.send(message)
        c.recv(64)
elif role == "bulk-server":
    c, _ = listen().accept()
    while c.recv(65536):
        pass
elif role == "bulk-client":
    c = connect()
    for _ in range(n):
        c.sendall(block)
elif role == "accept-server":
    l = listen()
    for _ in range(n):
        c, _ = l.accept()
        c.close()
elif role == "accept-client":
    for _ in range(n):
        c = connect()
        c.recv(1)
        c.close()
