// What a durable record costs at least: appends COUNT times SIZE bytes to FILE, each with one write and one fdatasync.
// usage: limit_sync FILE SIZE COUNT; prints one JSON object.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now_us(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e6 + time.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **words) {
  if (count != 4) return fputs("usage: limit_sync FILE SIZE COUNT\n", stderr), 2;
  size_t size = strtoul(words[2], NULL, 10), times = strtoul(words[3], NULL, 10);
  int file = open(words[1], O_CREAT | O_TRUNC | O_WRONLY, 0600);
  char *bytes = calloc(1, size);
  double *spent = calloc(times, sizeof *spent);
  if (file < 0 || !bytes || !spent || !times) return perror("limit_sync"), 1;
  double start = now_us();
  for (size_t i = 0; i < times; i++) {
    double before = now_us();
    if (write(file, bytes, size) != (ssize_t)size || fdatasync(file)) return perror(words[1]), 1;
    spent[i] = now_us() - before;
  }
  double whole = now_us() - start;
  qsort(spent, times, sizeof *spent, by_value);
  printf("{\"records_per_second\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", times / whole * 1e6, spent[times / 2],
         spent[times * 99 / 100]);
  return 0;
}
