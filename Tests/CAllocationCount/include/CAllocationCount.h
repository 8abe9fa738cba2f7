// Counts the allocations of the whole process, for tests that assert that a path makes none.
#pragma once

/// How often malloc, calloc, realloc, aligned_alloc or posix_memalign were called so far, by any thread.
unsigned long allocation_count(void);
