// Injects faults into the files of one process, from outside: preloaded with LD_PRELOAD, it stands before the system calls that
// change files under GATEHOUSE_FAULT_ROOT, counts them, and strikes where the plan says. The plan is a file, GATEHOUSE_FAULT_PLAN, that is
// mapped shared, so it can be read after the process was killed and be changed while it runs.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

// Layout shared with injector.py: eight 64-bit integers.
struct plan {
  _Atomic int64_t action;       // one of the below
  _Atomic int64_t strike_at;    // the number of the call to strike, from 1
  _Atomic int64_t span;         // how many calls from there on, for NO_SPACE
  _Atomic int64_t calls;        // changes of files so far
  _Atomic int64_t syncs;        // syncs among them
  _Atomic int64_t struck;       // strikes so far
  _Atomic int64_t retries;      // syncs of the descriptor whose sync was struck, afterwards
  _Atomic int64_t clock_offset; // seconds added to CLOCK_REALTIME
};
enum { NONE, KILL_BEFORE, KILL_TORN, KILL_AFTER, SYNC_ERROR, NO_SPACE };

static struct plan *plan;
static const char *root;
static _Atomic int struck_descriptor = -1;

__attribute__((constructor)) static void begin(void) {
  root = getenv("GATEHOUSE_FAULT_ROOT");
  const char *path = getenv("GATEHOUSE_FAULT_PLAN");
  int file = path ? open(path, O_RDWR) : -1;
  if (!root || file < 0) return;
  void *memory = mmap(NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  syscall(SYS_close, file);
  if (memory != MAP_FAILED) plan = memory;
}

static void die(void) {
  atomic_fetch_add(&plan->struck, 1);
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

static int below_root(const char *path) { return strncmp(path, root, strlen(root)) == 0; }

static int is_ours(int descriptor) {
  if (!plan) return 0;
  char link[32], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return below_root(path);
}

// Counts a change; what the plan wants done with it, NONE for most.
static int strike(int is_write) {
  int64_t number = atomic_fetch_add(&plan->calls, 1) + 1;
  int64_t action = plan->action, at = plan->strike_at;
  if (action == NO_SPACE && is_write && number >= at && number < at + plan->span) {
    atomic_fetch_add(&plan->struck, 1);
    return NO_SPACE;
  }
  if (number != at || action > KILL_AFTER) return NONE;
  if (action == KILL_BEFORE || (action == KILL_TORN && !is_write)) die();
  return (int)action;
}

static ssize_t change(int what, ssize_t result) {
  if (what == KILL_AFTER) die();
  return result;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  if (!is_ours(descriptor)) return syscall(SYS_write, descriptor, bytes, count);
  int what = strike(1);
  if (what == NO_SPACE) return errno = ENOSPC, -1;
  if (what == KILL_TORN) { syscall(SYS_write, descriptor, bytes, count / 2); die(); }
  return change(what, syscall(SYS_write, descriptor, bytes, count));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  if (!is_ours(descriptor)) return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
  int what = strike(1);
  if (what == NO_SPACE) return errno = ENOSPC, -1;
  if (what == KILL_TORN) { syscall(SYS_pwrite64, descriptor, bytes, count / 2, offset); die(); }
  return change(what, syscall(SYS_pwrite64, descriptor, bytes, count, offset));
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
  if (!is_ours(descriptor)) return syscall(SYS_writev, descriptor, pieces, count);
  int what = strike(1);
  if (what == NO_SPACE) return errno = ENOSPC, -1;
  if (what == KILL_TORN) { syscall(SYS_write, descriptor, pieces[0].iov_base, pieces[0].iov_len / 2); die(); }
  return change(what, syscall(SYS_writev, descriptor, pieces, count));
}

static int synced(int descriptor, long call) {
  if (!is_ours(descriptor)) return (int)syscall(call, descriptor);
  int64_t number = atomic_fetch_add(&plan->syncs, 1) + 1;
  if (descriptor == struck_descriptor) atomic_fetch_add(&plan->retries, 1);
  if (plan->action == SYNC_ERROR && number == plan->strike_at) {
    atomic_fetch_add(&plan->struck, 1);
    struck_descriptor = descriptor;
    return errno = EIO, -1;
  }
  int what = strike(0);
  return (int)change(what, syscall(call, descriptor));
}
int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int close(int descriptor) {
  // The number may be given to another file now.
  if (descriptor == struck_descriptor) struck_descriptor = -1;
  return (int)syscall(SYS_close, descriptor);
}

int ftruncate(int descriptor, off_t length) {
  if (!is_ours(descriptor)) return (int)syscall(SYS_ftruncate, descriptor, length);
  int what = strike(0);
  return (int)change(what, syscall(SYS_ftruncate, descriptor, length));
}
int ftruncate64(int descriptor, off_t length) { return ftruncate(descriptor, length); }

int rename(const char *from, const char *to) {
  if (!plan || !below_root(to)) return (int)syscall(SYS_rename, from, to);
  int what = strike(0);
  return (int)change(what, syscall(SYS_rename, from, to));
}

int unlink(const char *path) {
  if (!plan || !below_root(path)) return (int)syscall(SYS_unlink, path);
  int what = strike(0);
  return (int)change(what, syscall(SYS_unlink, path));
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int result = (int)syscall(SYS_clock_gettime, clock, time);
  if (plan && clock == CLOCK_REALTIME && result == 0) {
    int64_t offset = plan->clock_offset;
    time->tv_sec += offset;
  }
  return result;
}
int gettimeofday(struct timeval *time, void *zone) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  time->tv_sec = now.tv_sec;
  time->tv_usec = now.tv_nsec / 1000;
  (void)zone;
  return 0;
}
