# One side of a measurement, as scripts/bench.lua is.
import socket
import sys
import threading

role, n = sys.argv[1], int(sys.argv[2])
port = int(sys.argv[3]) if len(sys.argv) > 3 else 0
message, block = b"x" * 64, b"x" * 65536


def say(word):
    print(word, flush=True)


def udp():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("127.0.0.1", 0))
    return s


def listen():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.bind(("127.0.0.1", 0))
    s.listen(128)
    say(s.getsockname()[1])
    return s


def connect():
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    s.connect(("127.0.0.1", port))
    return s


def udp_server():
    s = udp()
    say(s.getsockname()[1])
    udp_echo(s)


def udp_echo(s):
    for _ in range(n):
        data, address = s.recvfrom(2048)
        s.sendto(data, address)


def udp_client():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    say("go")
    for _ in range(n):
        s.sendto(message, ("127.0.0.1", port))
        s.recvfrom(2048)
    say("done")


def udp_tasks():
    one, two = udp(), udp()
    threading.Thread(target=udp_echo, args=(two,)).start()
    to = two.getsockname()
    say("go")
    for _ in range(n):
        one.sendto(message, to)
        one.recvfrom(2048)
    say("done")


def udp_self():
    one, two = udp(), udp()
    to = two.getsockname()
    say("go")
    for _ in range(n):
        one.sendto(message, to)
        data, address = two.recvfrom(2048)
        two.sendto(data, address)
        one.recvfrom(2048)
    say("done")


def tcp_server():
    c, _ = listen().accept()
    for _ in range(n):
        c.send(c.recv(64))


def tcp_client():
    c = connect()
    say("go")
    for _ in range(n):
        c.send(message)
        c.recv(64)
    say("done")


def drain():
    c, _ = listen().accept()
    while c.recv(65536):
        pass
    c.close()


def finish(c):
    c.shutdown(socket.SHUT_WR)
    c.recv(1)
    say("done")


def bulk_client():
    c = connect()
    say("go")
    for _ in range(n):
        c.sendall(block)
    finish(c)


def file_client():
    c = connect()
    with open(sys.argv[4], "rb") as f:
        say("go")
        for _ in range(n):
            c.sendfile(f, 0)
    finish(c)


def accept_server():
    l = listen()
    for _ in range(n):
        c, _ = l.accept()
        c.close()


def accept_client():
    say("go")
    for _ in range(n):
        c = connect()
        c.recv(1)
        c.close()
    say("done")


{
    "udp-server": udp_server, "udp-client": udp_client, "udp-tasks": udp_tasks, "udp-self": udp_self,
    "tcp-server": tcp_server, "tcp-client": tcp_client, "bulk-server": drain, "bulk-client": bulk_client,
    "file-server": drain, "file-client": file_client, "accept-server": accept_server, "accept-client": accept_client,
}[role]()
