#include "CFuzzer.h"

// Of libFuzzer's library, which -sanitize=fuzzer links.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*body)(const uint8_t *bytes, size_t count));

int run_fuzzer(int argc, char **argv, int (*body)(const uint8_t *bytes, size_t count)) {
  return LLVMFuzzerRunDriver(&argc, &argv, body);
}
