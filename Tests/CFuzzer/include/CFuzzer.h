// The part of libFuzzer's interface that Tests/FuzzTargets use (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer
// as a library").
#ifndef GATEHOUSE_CFUZZER_H
#define GATEHOUSE_CFUZZER_H
#include <stddef.h>
#include <stdint.h>

// Fuzzes `body` with the options in `argv`; returns the exit code, if at all.
int run_fuzzer(int argc, char **argv, int (*body)(const uint8_t *bytes, size_t count));

// sanitizer/lsan_interface.h: what the thread allocates in between is not looked for when it looks for leaks.
void __lsan_disable(void);
void __lsan_enable(void);

#endif
