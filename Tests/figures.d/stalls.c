// How long the machine itself keeps a process waiting: a loop on each core that does nothing but read the clock.
//
//   usage: stalls SECONDS
//
// Prints one JSON object: the wait, in microseconds, that 1 % and 0.1 % of all instants would have met. An instant within
// a gap of g between two readings waits for what is left of it, so the share of instants that wait longer than x is the
// sum of g - x over all gaps longer than x, divided by the time measured.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CORES = 64, MAX_GAPS = 1 << 20, SHORTEST_NS = 1000 };

typedef struct {
    pthread_t thread;
    int64_t measured_ns;
    int64_t gaps_ns[MAX_GAPS];
    int count;
} Core;

static Core *cores;
static int core_count;
static int64_t duration_ns;

static int64_t now_ns(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void *watch(void *argument) {
    Core *core = argument;
    int64_t start = now_ns(), last = start;
    while (last - start < duration_ns && core->count < MAX_GAPS) {
        int64_t next = now_ns();
        if (next - last >= SHORTEST_NS) core->gaps_ns[core->count++] = next - last;
        last = next;
    }
    core->measured_ns = last - start;
    return NULL;
}

// The share of all instants that wait longer than `wait_ns`.
static double share_beyond(int64_t wait_ns) {
    double beyond = 0, measured = 0;
    for (Core *core = cores; core < cores + core_count; core++) {
        measured += core->measured_ns;
        for (int i = 0; i < core->count; i++)
            if (core->gaps_ns[i] > wait_ns) beyond += core->gaps_ns[i] - wait_ns;
    }
    return beyond / measured;
}

// The wait in microseconds that a share of all instants exceeds.
static double wait_us(double share) {
    int64_t low = 0, high = duration_ns;
    while (high - low > 100) {
        int64_t middle = (low + high) / 2;
        if (share_beyond(middle) > share) low = middle; else high = middle;
    }
    return high / 1e3;
}

int main(int count, char **arguments) {
    if (count != 2) {
        fputs("usage: stalls SECONDS\n", stderr);
        return 2;
    }
    duration_ns = (int64_t)(atof(arguments[1]) * 1e9);
    core_count = (int)sysconf(_SC_NPROCESSORS_ONLN);
    if (core_count > MAX_CORES) core_count = MAX_CORES;
    cores = calloc(core_count, sizeof(Core));
    if (!cores) return 1;
    for (int i = 0; i < core_count; i++)
        if (pthread_create(&cores[i].thread, NULL, watch, &cores[i])) return 1;
    for (int i = 0; i < core_count; i++) pthread_join(cores[i].thread, NULL);
    printf("{\"p99_us\":%.1f,\"p999_us\":%.1f}\n", wait_us(0.01), wait_us(0.001));
}
