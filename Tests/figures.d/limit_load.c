// A closed loop on limit_server: connections x depth requests in flight for some seconds, one thread, one epoll set.
// Prints one JSON object with the names that gatehouse-bench uses.
//
//   usage: limit_load PORT CONNECTIONS DEPTH SECONDS
#define _GNU_SOURCE
#include "limit.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT = 1 << 16, READY = 64, BUCKETS = 64 << 10, RING = 1 << 16 };

typedef struct {
    int socket, opened;
    size_t used;
    uint32_t next;           // the next call's id
    unsigned char in[INPUT];
    uint64_t began[RING];    // by the low bits of the call's id; answers come in order
} Peer;

static uint64_t counts[BUCKETS], total;

// 1,024 buckets a power of two: values are known to a thousandth.
static unsigned bucket(uint64_t value) {
    unsigned shift = value < 2048 ? 0 : 53u - (unsigned)__builtin_clzll(value);
    return (shift << 10) + (unsigned)(value >> shift);
}

static double percentile(double share) {
    uint64_t rank = (uint64_t)(share * (double)total), seen = 0;
    for (unsigned i = 0; i < BUCKETS; i++)
        if ((seen += counts[i]) > rank) {
            unsigned shift = i < 2048 ? 0 : (i >> 10) - 1;
            return (double)((uint64_t)(i - (shift << 10)) << shift) / 1000;
        }
    return 0;
}

static Peer *connect_peer(int port) {
    int one = 1;
    Peer *peer = calloc(1, sizeof *peer);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (!peer || (peer->socket = socket(AF_INET, SOCK_STREAM, 0)) < 0 ||
        connect(peer->socket, (struct sockaddr *)&address, sizeof address) ||
        send(peer->socket, opening, sizeof opening, 0) != sizeof opening) {
        perror("limit_load: connect");
        exit(1);
    }
    setsockopt(peer->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    peer->next = 1;
    return peer;
}

static void send_requests(Peer *peer, unsigned char *out, int count, uint64_t now) {
    size_t frame = HEADER + REQUEST_PAYLOAD, size = (size_t)count * frame, sent = 0;
    for (int i = 0; i < count; i++) {
        peer->began[peer->next % RING] = now;
        put_header(out + (size_t)i * frame, KIND_REQUEST, 1, peer->next++, REQUEST_PAYLOAD);
    }
    while (sent < size) {
        ssize_t n = send(peer->socket, out + sent, size - sent, MSG_NOSIGNAL);
        if (n < 0) exit(1);
        sent += (size_t)n;
    }
}

static int take_answers(Peer *peer, uint64_t *now) {
    ssize_t n = recv(peer->socket, peer->in + peer->used, INPUT - peer->used, 0);
    if (n <= 0) exit(1);
    peer->used += (size_t)n;
    *now = nanoseconds();
    size_t at = 0, size;
    int answered = 0;
    if (!peer->opened && peer->used >= MAGIC) {
        peer->opened = 1;
        at = MAGIC;
    }
    while (peer->opened && (size = whole_frame(peer->in + at, peer->used - at))) {
        uint32_t call;
        memcpy(&call, peer->in + at + 8, 4);
        if (peer->in[at + 4] == KIND_RESPONSE) {
            counts[bucket(*now - peer->began[call % RING])]++;
            answered++;
        }
        at += size;
    }
    memmove(peer->in, peer->in + at, peer->used - at);
    peer->used -= at;
    return answered;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: limit_load PORT CONNECTIONS DEPTH SECONDS\n");
        return 2;
    }
    int connections = atoi(argv[2]), depth = atoi(argv[3]), set = epoll_create1(0);
    unsigned char *out = calloc((size_t)depth, HEADER + REQUEST_PAYLOAD);
    struct epoll_event ready[READY];
    uint64_t now = nanoseconds(), start = now, end = start + (uint64_t)(atof(argv[4]) * 1e9);
    for (int i = 0; i < connections; i++) {
        Peer *peer = connect_peer(atoi(argv[1]));
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = peer};
        epoll_ctl(set, EPOLL_CTL_ADD, peer->socket, &event);
        send_requests(peer, out, depth, nanoseconds());
    }
    while (now < end) {
        int count = epoll_wait(set, ready, READY, 100);
        for (int i = 0; i < count; i++) {
            int answered = take_answers(ready[i].data.ptr, &now);
            total += (uint64_t)answered;
            send_requests(ready[i].data.ptr, out, answered, now);
        }
    }
    printf("{\"connections\":%d,\"depth\":%d,\"requests_per_second\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f}\n",
           connections, depth, (double)total / ((double)(now - start) / 1e9), percentile(.5), percentile(.99), percentile(.999));
}
