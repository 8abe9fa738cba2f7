// Linux headers and calls that the Glibc module lacks, and the few instructions Swift cannot say.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

/// Asks the CPU to bring the cache line at `address` closer; never faults, whatever the address.
static inline void cl_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

/// Tells the CPU that this is a loop which waits for another core.
static inline void cl_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

/// Whether this CPU has an instruction for CRC-32C (SSE 4.2, ARMv8 CRC).
int cl_has_crc32c(void);

/// Continues a CRC-32C over `count` bytes by that instruction. Takes and gives the register, before the final inversion.
/// May be called only if `cl_has_crc32c` says so.
unsigned int cl_crc32c(unsigned int state, const void *bytes, unsigned long count);

/// syncfs(2), which Glibc's module hides: every file of the file system that `descriptor` is on becomes durable.
int cl_syncfs(int descriptor);

/// sync_file_range(2), SYNC_FILE_RANGE_WRITE: what is changed in the first `count` bytes begins its way to the disk.
void cl_begin_writeback(int descriptor, long long count);

/// How many processors the calling thread may run on (sched_getaffinity(2)); 0 if the system does not say.
int cl_runnable_processors(void);

/// futex(2), FUTEX_WAIT: sleeps while the word at `address` is `expected`; may wake without a reason.
void cl_futex_wait(const void *address, unsigned int expected);

/// futex(2), FUTEX_WAKE: wakes all that sleep on the word at `address`.
void cl_futex_wake_all(const void *address);

/// mallopt(3), M_MMAP_THRESHOLD: from now on blocks of so many bytes or more have a mapping of their own; 0 if that failed.
int cl_map_blocks_from(int bytes);

/// mallopt(3), M_ARENA_MAX: so many heaps at most for all threads; 0 if that failed.
int cl_limit_arenas(int count);

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC: a GNU extension, hidden from Swift by the feature macros.
int cl_accept(int listener, struct sockaddr *address, socklen_t *length);
