// The limit of a request and response on this machine: one thread, one epoll set, every request answered with 20 bytes
// and no work done. It speaks the frames of Protocol/wire.md, so gatehouse-bench can load it too: that run's figures are
// the harness's own ceiling.
//
//   usage: limit_server PORT      listens on 127.0.0.1
#define _GNU_SOURCE
#include "limit.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT = 1 << 18, OUTPUT = 1 << 16, READY = 64 };

typedef struct {
    int socket, opened;
    size_t used, pending;  // bytes of `in` and of `out` in use
    unsigned char in[INPUT], out[OUTPUT];
} Peer;

static int listen_on(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1024)) {
        perror("limit_server: listen");
        exit(1);
    }
    return listener;
}

static void accept_peer(int set, int listener) {
    int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (fd < 0) return;
    Peer *peer = calloc(1, sizeof *peer);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (!peer || send(fd, opening, sizeof opening, MSG_NOSIGNAL) != sizeof opening) {
        free(peer);
        close(fd);
        return;
    }
    peer->socket = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
    epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
}

// A field that no message has: 18 bytes under number 15, so that any answer decodes.
static void answer(Peer *peer, uint32_t call) {
    unsigned char *at = peer->out + peer->pending;
    put_header(at, KIND_RESPONSE, 0, call, RESPONSE_PAYLOAD);
    memset(at + HEADER, 0, RESPONSE_PAYLOAD);
    at[HEADER] = 15 << 3 | 2;
    at[HEADER + 1] = RESPONSE_PAYLOAD - 2;
    peer->pending += HEADER + RESPONSE_PAYLOAD;
}

static void answer_requests(Peer *peer) {
    size_t at = 0, size;
    if (!peer->opened && peer->used >= MAGIC) {
        peer->opened = 1;
        at = MAGIC;
    }
    while (peer->opened && OUTPUT - peer->pending >= HEADER + RESPONSE_PAYLOAD &&
           (size = whole_frame(peer->in + at, peer->used - at))) {
        uint32_t call;
        memcpy(&call, peer->in + at + 8, 4);
        if (peer->in[at + 4] == KIND_REQUEST) answer(peer, call);
        at += size;
    }
    memmove(peer->in, peer->in + at, peer->used - at);
    peer->used -= at;
}

// 0 when the peer is gone.
static int serve(Peer *peer) {
    ssize_t count = recv(peer->socket, peer->in + peer->used, INPUT - peer->used, 0);
    if (count <= 0) return 0;
    peer->used += (size_t)count;
    size_t before;
    do {
        before = peer->used;
        answer_requests(peer);
        size_t sent = 0;
        while (sent < peer->pending) {
            ssize_t n = send(peer->socket, peer->out + sent, peer->pending - sent, MSG_NOSIGNAL);
            if (n > 0) sent += (size_t)n;
        }
        peer->pending = 0;
    } while (peer->used < before);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: limit_server PORT\n");
        return 2;
    }
    int listener = listen_on(atoi(argv[1])), set = epoll_create1(0);
    struct epoll_event ready[READY], event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(set, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int count = epoll_wait(set, ready, READY, -1);
        for (int i = 0; i < count; i++) {
            Peer *peer = ready[i].data.ptr;
            if (!peer) {
                accept_peer(set, listener);
            } else if (!serve(peer)) {
                close(peer->socket);
                free(peer);
            }
        }
    }
}
