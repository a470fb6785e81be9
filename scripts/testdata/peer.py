"""Peers of the walkthroughs: each role is one end of a conversation, written
with Python's socket module. Bytes are given and printed in hexadecimal, and a
role that waits for somebody prints "ready PORT" first."""
import hashlib
import pathlib
import socket
import sys

HERE = "127.0.0.1"


def bound(kind):
    s = socket.socket(socket.AF_INET, kind)
    s.bind((HERE, 0))
    return s


def ready(s):
    print("ready", s.getsockname()[1])


def udp_send(port, payload):
    s = bound(socket.SOCK_DGRAM)
    s.sendto(bytes.fromhex(payload), (HERE, int(port)))
    print("from", s.getsockname()[1])


def udp_receive():
    s = bound(socket.SOCK_DGRAM)
    ready(s)
    data, address = s.recvfrom(1024)
    print("got", data.hex(), "from", address[1])


def tcp_server(answer):
    s = bound(socket.SOCK_STREAM)
    s.listen(10)
    ready(s)
    connection, address = s.accept()
    data = connection.recv(1024)
    connection.sendall(bytes.fromhex(answer))
    print("got", data.hex(), "from", address[1])
    connection.recv(1)  # the client closes first


def tcp_client(port, payload):
    s = bound(socket.SOCK_STREAM)
    s.connect((HERE, int(port)))
    s.send(bytes.fromhex(payload))
    print("got", s.recv(1024).hex(), "from", s.getsockname()[1])


def download(port, name):
    s = socket.create_connection((HERE, int(port)))
    s.send(name.encode("gbk"))
    digest, count = hashlib.sha256(), 0
    while data := s.recv(1 << 18):
        digest.update(data)
        count += len(data)
    print("got", count, digest.hexdigest())


def file_server(folder):
    s = bound(socket.SOCK_STREAM)
    s.listen(10)
    ready(s)
    connection, _ = s.accept()
    name = connection.recv(1024).decode("gbk")
    print("asked for", name)
    connection.sendall((pathlib.Path(folder) / name).read_bytes())
    connection.close()


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
