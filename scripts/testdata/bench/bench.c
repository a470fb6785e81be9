// One side of a measurement, as scripts/bench.lua is: the least that the work
// costs, blocking calls and nothing else.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

static char message[64], block[65536];
static int n;

static void check(long result, const char *call) {
	if (result < 0) {
		perror(call);
		exit(1);
	}
}

static void say(const char *word) {
	puts(word);
	fflush(stdout);
}

static struct sockaddr_in at(int port) {
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port)};
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static struct sockaddr_in name_of(int s) {
	struct sockaddr_in a;
	socklen_t size = sizeof a;
	check(getsockname(s, (struct sockaddr *)&a, &size), "getsockname");
	return a;
}

static int bound(int type) {
	int s = socket(AF_INET, type, 0);
	struct sockaddr_in a = at(0);
	check(s, "socket");
	check(bind(s, (struct sockaddr *)&a, sizeof a), "bind");
	return s;
}

static void tell_port(int s) {
	printf("%d\n", ntohs(name_of(s).sin_port));
	fflush(stdout);
}

static int listening(void) {
	int s = bound(SOCK_STREAM);
	check(listen(s, 128), "listen");
	tell_port(s);
	return s;
}

static int accepted(int l) {
	struct sockaddr_in a;
	socklen_t size = sizeof a;
	int c = accept(l, (struct sockaddr *)&a, &size);
	check(c, "accept");
	return c;
}

static int connected(int port) {
	int s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = at(port);
	check(s, "socket");
	check(connect(s, (struct sockaddr *)&a, sizeof a), "connect");
	return s;
}

static long receive(int s, void *p, size_t size) {
	long got = recv(s, p, size, 0);
	check(got, "recv");
	return got;
}

static void send_all(int s, const char *p, size_t size) {
	while (size > 0) {
		long sent = send(s, p, size, 0);
		check(sent, "send");
		p += sent, size -= sent;
	}
}

static void echo(int s) {
	char data[2048];
	struct sockaddr_in a;
	socklen_t size = sizeof a;
	long got = recvfrom(s, data, sizeof data, 0, (struct sockaddr *)&a, &size);
	check(got, "recvfrom");
	check(sendto(s, data, got, 0, (struct sockaddr *)&a, size), "sendto");
}

static void ask(int s, struct sockaddr_in *to) {
	check(sendto(s, message, sizeof message, 0, (struct sockaddr *)to, sizeof *to), "sendto");
}

static void hear(int s) {
	char data[2048];
	struct sockaddr_in a;
	socklen_t size = sizeof a;
	check(recvfrom(s, data, sizeof data, 0, (struct sockaddr *)&a, &size), "recvfrom");
}

static void *echo_all(void *s) {
	for (int i = 0; i < n; i++) echo(*(int *)s);
	return NULL;
}

// drain reads a stream to its end, then closes it.
static void drain(int s) {
	while (receive(s, block, sizeof block) > 0) {
	}
	close(s);
}

// finish ends a stream and waits until the peer has read all of it.
static void finish(int s) {
	shutdown(s, SHUT_WR);
	receive(s, block, 1);
	close(s);
}

int main(int argc, char **argv) {
	const char *role = argv[1];
	n = atoi(argv[2]);
	int port = argc > 3 ? atoi(argv[3]) : 0;
	memset(message, 'x', sizeof message);
	memset(block, 'x', sizeof block);
#define IS(name) (strcmp(role, name) == 0)
	if (IS("udp-server")) {
		int s = bound(SOCK_DGRAM);
		tell_port(s);
		echo_all(&s);
	} else if (IS("udp-client")) {
		int s = socket(AF_INET, SOCK_DGRAM, 0);
		struct sockaddr_in to = at(port);
		say("go");
		for (int i = 0; i < n; i++) {
			ask(s, &to);
			hear(s);
		}
		say("done");
	} else if (IS("udp-tasks") || IS("udp-self")) {
		int one = bound(SOCK_DGRAM), two = bound(SOCK_DGRAM), tasks = IS("udp-tasks");
		struct sockaddr_in to = name_of(two);
		pthread_t thread;
		if (tasks) check(-pthread_create(&thread, NULL, echo_all, &two), "pthread_create");
		say("go");
		for (int i = 0; i < n; i++) {
			ask(one, &to);
			if (!tasks) echo(two);
			hear(one);
		}
		say("done");
	} else if (IS("tcp-server")) {
		int c = accepted(listening());
		for (int i = 0; i < n; i++) {
			char data[64];
			send_all(c, data, receive(c, data, sizeof data));
		}
	} else if (IS("tcp-client")) {
		int c = connected(port);
		say("go");
		for (int i = 0; i < n; i++) {
			char data[64];
			send_all(c, message, sizeof message);
			receive(c, data, sizeof data);
		}
		say("done");
	} else if (IS("bulk-server") || IS("file-server")) {
		drain(accepted(listening()));
	} else if (IS("bulk-client")) {
		int c = connected(port);
		say("go");
		for (int i = 0; i < n; i++) send_all(c, block, sizeof block);
		finish(c);
		say("done");
	} else if (IS("file-client")) {
		int c = connected(port), f = open(argv[4], O_RDONLY);
		check(f, "open");
		say("go");
		for (int i = 0; i < n; i++) {
			off_t offset = 0, size = lseek(f, 0, SEEK_END);
			while (offset < size) check(sendfile(c, f, &offset, size - offset), "sendfile");
		}
		finish(c);
		say("done");
	} else if (IS("accept-server")) {
		int l = listening();
		for (int i = 0; i < n; i++) close(accepted(l));
	} else if (IS("accept-client")) {
		say("go");
		for (int i = 0; i < n; i++) {
			char data[1];
			int c = connected(port);
			receive(c, data, sizeof data);
			close(c);
		}
		say("done");
	}
	return 0;
}
