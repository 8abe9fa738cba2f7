// SQLite as a book: inserts COUNT records of SIZE bytes under unique ids into FILE, PER_TRANSACTION at a time, each transaction
// durable when it returns (WAL, synchronous = FULL). usage: sqlite_load FILE SIZE COUNT PER_TRANSACTION; prints one JSON object.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void run(sqlite3 *book, const char *statement) {
  char *why = NULL;
  if (sqlite3_exec(book, statement, NULL, NULL, &why) != SQLITE_OK) {
    fprintf(stderr, "%s: %s\n", statement, why);
    exit(1);
  }
}

int main(int count, char **words) {
  if (count != 5) return fputs("usage: sqlite_load FILE SIZE COUNT PER_TRANSACTION\n", stderr), 2;
  int size = atoi(words[2]);
  long times = atol(words[3]), group = atol(words[4]);
  sqlite3 *book;
  sqlite3_stmt *insert;
  char *bytes = calloc(1, size);
  if (!bytes || sqlite3_open(words[1], &book) != SQLITE_OK) return fputs("sqlite_load: cannot open\n", stderr), 1;
  run(book, "PRAGMA journal_mode = WAL");
  run(book, "PRAGMA synchronous = FULL");
  run(book, "CREATE TABLE activity (position INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, entry BLOB NOT NULL)");
  sqlite3_prepare_v2(book, "INSERT INTO activity (id, entry) VALUES (?, ?)", -1, &insert, NULL);
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (long i = 0; i < times; i++) {
    char id[32];
    int length = snprintf(id, sizeof id, "activity-%016lx", i * 0x9E3779B97F4A7C15);
    if (i % group == 0) run(book, "BEGIN IMMEDIATE");
    sqlite3_bind_text(insert, 1, id, length, SQLITE_TRANSIENT);
    sqlite3_bind_blob(insert, 2, bytes, size, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) return fputs("sqlite_load: insert\n", stderr), 1;
    sqlite3_reset(insert);
    if (i % group == group - 1 || i == times - 1) run(book, "COMMIT");
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9;
  printf("{\"records_per_second\":%.0f}\n", times / seconds);
  return 0;
}
