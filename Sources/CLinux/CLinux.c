#define _GNU_SOURCE
#include "CLinux.h"
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <malloc.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int cl_syncfs(int descriptor) { return syncfs(descriptor); }

void cl_begin_writeback(int descriptor, long long count) { sync_file_range(descriptor, 0, count, SYNC_FILE_RANGE_WRITE); }

#if defined(__x86_64__)
#include <nmmintrin.h>

int cl_has_crc32c(void) { return __builtin_cpu_supports("sse4.2") != 0; }

__attribute__((target("sse4.2"))) unsigned int cl_crc32c(unsigned int state, const void *bytes, unsigned long count) {
  const unsigned char *next = bytes;
  uint64_t wide = state;
  for (; count >= 8; next += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, next, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  state = (unsigned int)wide;
  for (; count > 0; next++, count--) state = _mm_crc32_u8(state, *next);
  return state;
}
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#include <asm/hwcap.h>

int cl_has_crc32c(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

__attribute__((target("crc"))) unsigned int cl_crc32c(unsigned int state, const void *bytes, unsigned long count) {
  const unsigned char *next = bytes;
  for (; count >= 8; next += 8, count -= 8) {
    uint64_t word;
    memcpy(&word, next, 8);
    state = __crc32cd(state, word);
  }
  for (; count > 0; next++, count--) state = __crc32cb(state, *next);
  return state;
}
#else
int cl_has_crc32c(void) { return 0; }
unsigned int cl_crc32c(unsigned int state, const void *bytes, unsigned long count) { return state; }
#endif

int cl_runnable_processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

void cl_futex_wait(const void *address, unsigned int expected) {
  syscall(SYS_futex, address, FUTEX_WAIT_PRIVATE, expected, NULL, NULL, 0);
}

void cl_futex_wake_all(const void *address) {
  syscall(SYS_futex, address, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

int cl_map_blocks_from(int bytes) { return mallopt(M_MMAP_THRESHOLD, bytes); }

int cl_limit_arenas(int count) { return mallopt(M_ARENA_MAX, count); }

int cl_accept(int listener, struct sockaddr *address, socklen_t *length) {
  return accept4(listener, address, length, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
