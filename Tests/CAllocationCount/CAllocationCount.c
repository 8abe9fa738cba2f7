// Defining these in the executable puts them before glibc's for everything in the process, shared libraries included
// (glibc manual, "Replacing malloc"); each counts and passes the call on.
#include "CAllocationCount.h"
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_ulong count;
static _Thread_local unsigned long own_count;
static void one_more(void) {
  atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
  own_count++;
}

unsigned long allocation_count(void) { return atomic_load_explicit(&count, memory_order_relaxed); }
unsigned long own_allocation_count(void) { return own_count; }

// Sanitizers bring their own and set it up with them before these could work; nothing is counted then.
#if !defined(__has_feature) || !(__has_feature(thread_sanitizer) || __has_feature(address_sanitizer))

void *malloc(size_t size) { one_more(); return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { one_more(); return __libc_calloc(n, size); }
void *realloc(void *old, size_t size) { one_more(); return __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { one_more(); return __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { one_more(); return __libc_memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
  one_more();
  void *memory = __libc_memalign(alignment, size);
  if (!memory) return ENOMEM;
  *out = memory;
  return 0;
}

#endif
