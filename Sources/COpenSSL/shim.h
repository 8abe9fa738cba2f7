// OpenSSL 3 as Swift sees it. Macros that Swift cannot import get a static inline function here.
#pragma once
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

/// SHA-256 over one byte and then `count` bytes, into 32 bytes at `digest`: RFC 6962's leaf.
/// OpenSSL's plain functions, because EVP's dispatch costs more than the hash of 65 bytes (261 ns against 157 ns).
static inline void co_sha256_leaf(unsigned char first, const void *bytes, size_t count, unsigned char *digest) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &first, 1);
  if (count > 0) SHA256_Update(&context, bytes, count);
  SHA256_Final(digest, &context);
#pragma clang diagnostic pop
}

/// SHA-256 over one byte and then two hashes, into 32 bytes at `digest`: RFC 6962's node.
/// Always two blocks: 65 bytes, the end mark, zeros, and the length of 520 bits in the last two bytes (FIPS 180-4 section 5.1.1).
static inline void co_sha256_node(unsigned char first, const void *left, const void *right, unsigned char *digest) {
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wdeprecated-declarations"
  unsigned char blocks[128] = {[0] = first, [65] = 0x80, [126] = 520 >> 8, [127] = 520 & 0xFF};
  for (int i = 0; i < 32; i++) {
    blocks[1 + i] = ((const unsigned char *)left)[i];
    blocks[33 + i] = ((const unsigned char *)right)[i];
  }
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Transform(&context, blocks);
  SHA256_Transform(&context, blocks + 64);
  for (int i = 0; i < 32; i++) digest[i] = (unsigned char)(context.h[i / 4] >> (24 - 8 * (i % 4)));
#pragma clang diagnostic pop
}
