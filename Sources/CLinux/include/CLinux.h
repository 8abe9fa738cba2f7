// Linux headers that the Glibc module lacks, and the one instruction Swift cannot say.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>

/// Asks the CPU to bring the cache line at `address` closer; never faults, whatever the address.
static inline void cl_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }
