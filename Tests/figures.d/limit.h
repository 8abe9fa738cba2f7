// What both ends of the limit share: Gatehouse's framing (Protocol/wire.md) with nothing behind it.
#pragma once
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { HEADER = 16, REQUEST_PAYLOAD = 180, RESPONSE_PAYLOAD = 20, MAGIC = 8 };
enum { KIND_HELLO = 1, KIND_REQUEST = 2, KIND_RESPONSE = 3 };

// The magic and a HELLO that says protocol version 1: what each side sends first.
static const unsigned char opening[MAGIC + HEADER + 2] = {
    'G', 'T', 'H', 'S', '\r', '\n', 1, 0, 14, 0, 0, 0, KIND_HELLO, [MAGIC + HEADER] = 0x08, 0x01};

// Writes a frame's header; the machine is little-endian, as the wire is.
static inline void put_header(unsigned char *at, unsigned kind, unsigned method, uint32_t call, unsigned payload) {
    uint32_t length = HEADER - 4 + payload, value = 0;
    uint16_t id = (uint16_t)method;
    memcpy(at, &length, 4);
    at[4] = (unsigned char)kind;
    at[5] = 0;
    memcpy(at + 6, &id, 2);
    memcpy(at + 8, &call, 4);
    memcpy(at + 12, &value, 4);
}

// The size of the frame at `at`; 0 while not all of it is there.
static inline size_t whole_frame(const unsigned char *at, size_t available) {
    uint32_t length;
    if (available < 4) return 0;
    memcpy(&length, at, 4);
    return available - 4 < length ? 0 : 4 + (size_t)length;
}

static inline uint64_t nanoseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
