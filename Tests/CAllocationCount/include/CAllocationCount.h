// Counts the allocations of the process, for tests that assert that a path makes none.
#pragma once

/// How often malloc, calloc, realloc, aligned_alloc or posix_memalign were called so far, by any thread.
unsigned long allocation_count(void);

/// The same by the calling thread alone, for tests beside which others run.
unsigned long own_allocation_count(void);
