# The journal's figures; sourced by Tests/figures.

# Bytes of the log that a record of the harness takes.
record_bytes() {
  local before after
  before=$(du -sb "$data/segments" | cut -f1)
  load sized --connections 16 --depth 64 --duration 1s --warmup 0 --mix record=1
  sleep 1
  after=$(du -sb "$data/segments" | cut -f1)
  calculate %.0f "($after - $before) / $(figure sized requests)"
}

durable_alone() {
  say "durable records, one at a time"
  limit_echo=$("$work/limit_load" "$limit_port" 1 1 "$seconds" | field p50_us)
  limit_sync=$("$work/limit_sync" "$work/limit" "$entry_bytes" 20000 | field p50_us)
  load durable-1 --connections 1 --depth 1 --duration "${seconds}s" --mix record=1 --durability durable
}

durable_together() {
  say "durable records, 16 × 64"
  load durable-1024 --connections 16 --depth 64 --duration "${seconds}s" --mix record=1 --durability durable
}

sqlite() {
  say "SQLite"
  sqlite_single=$("$work/sqlite_load" "$work/sqlite-1" "$entry_bytes" 30000 1 | field records_per_second)
  sqlite_grouped=$("$work/sqlite_load" "$work/sqlite-1024" "$entry_bytes" 1000000 1024 | field records_per_second)
}

# 64 clients share its group commit; more gained nothing here.
postgresql() {
  local bin cluster=$work/postgresql
  say "PostgreSQL"
  bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
  postgresql_port=$((port++))
  mkdir "$cluster"
  chmod 711 "$work"
  chown postgres "$cluster"
  as_postgres() { runuser -u postgres -- "$@"; }
  as_postgres "$bin/initdb" -D "$cluster" --auth=trust >/dev/null
  as_postgres "$bin/pg_ctl" -D "$cluster" -w -l "$cluster/log" -o "-p $postgresql_port -k $cluster" start >/dev/null
  as_postgres psql -q -h "$cluster" -p "$postgresql_port" -c \
    'CREATE TABLE activity (position bigserial PRIMARY KEY, id uuid UNIQUE NOT NULL, entry bytea NOT NULL)'
  cat >"$work/insert.sql" <<SQL
INSERT INTO activity (id, entry) VALUES (gen_random_uuid(), decode(repeat('07', $entry_bytes), 'hex'));
SQL
  postgresql_rate=$(as_postgres "$bin/pgbench" -h "$cluster" -p "$postgresql_port" -n -M prepared -c 64 -j 2 -T "$seconds" \
    -f - postgres <"$work/insert.sql" 2>/dev/null | sed -n 's/^tps = \([0-9.]*\).*/\1/p')
  as_postgres "$bin/pg_ctl" -D "$cluster" -m immediate stop >/dev/null
}

# What the log costs: the same load with and without one, in turns.
cost_of_the_log() {
  local with without round
  say "Evaluate with and without the log"
  with=0 without=0
  for round in 1 2 3; do
    start_gatehouse_on ""
    load "without-$round" --connections 16 --depth 64 --duration "${seconds}s" --keys "$keys"
    kill "$gatehouse_pid"
    start_gatehouse
    load "with-$round" --connections 16 --depth 64 --duration "${seconds}s" --keys "$keys"
    kill "$gatehouse_pid"
    with="$with + $(figure "with-$round" requests_per_second)"
    without="$without + $(figure "without-$round" requests_per_second)"
  done
  log_share="($with) / ($without)"
  log_p99="$(figure with-2 p99_us) / $(figure without-2 p99_us)"
}

# end_gatehouse [SIGNAL]: returns when the process is gone, and its lock with it.
end_gatehouse() {
  kill ${1:-} "$gatehouse_pid"
  wait "$gatehouse_pid" 2>/dev/null || true
}

seconds_since() { awk "BEGIN { printf \"%.2f\", $(date +%s.%N) - $1 }"; }

entries() { figure "$1" requests; }

# A log of some millions of entries, its server killed: what replaying it whole takes, and verifying it.
replay_and_verify() {
  local start data=$work/replayed
  say "replay and verification"
  start_gatehouse_on "$data"
  load replayed --connections 16 --depth 64 --duration 10s --warmup 0 --keys "$keys"
  sleep 2
  end_gatehouse -9
  rm -rf "$data/snapshots"
  log_bytes=$(du -sb "$data/segments" | cut -f1)
  start=$(date +%s.%N)
  start_gatehouse_on "$data"
  replay_rate="$(entries replayed) / $(seconds_since "$start")"
  end_gatehouse
  start=$(date +%s.%N)
  .build/release/gatehouse log verify "$data" >&2
  verify_rate="$log_bytes / 1e9 / $(seconds_since "$start")"
}

# Ten million window keys: an order touches four, customers are drawn until nearly all were seen.
restart_from_snapshot() {
  local start data=$work/snapshotted customers=2500000
  say "restart from a snapshot of ten million keys"
  start_gatehouse_on "$data"
  load snapshotted --connections 16 --depth 64 --duration 30s --warmup 0 --keys "$customers" --no-id
  end_gatehouse
  snapshot_keys=$(calculate %.0f "$customers * (1 - exp(-$(entries snapshotted) / $customers)) * 4")
  start=$(date +%s.%N)
  start_gatehouse_on "$data"
  snapshot_seconds=$(seconds_since "$start")
  kill "$gatehouse_pid"
}

print_journal() {
  local best
  best=$(calculate %.0f "($sqlite_single > $postgresql_rate) ? $sqlite_single : $postgresql_rate")
  echo "| durable records of $entry_bytes bytes | /s | p50 µs |"
  echo "|---|---|---|"
  echo "| the limit: echo, then write and fdatasync | | $(calculate %.1f "$limit_echo + $limit_sync") |"
  echo "| Gatehouse, 1 × 1 | $(calculate %.0f "$(figure durable-1 requests_per_second)") | $(micros durable-1 p50_us) |"
  echo "| Gatehouse, 16 × 64$(mark durable-1024) | $(calculate %.0f "$(figure durable-1024 requests_per_second)") | $(micros durable-1024 p50_us) |"
  echo "| SQLite, in process, a transaction each | $sqlite_single | |"
  echo "| SQLite, in process, 1,024 a transaction | $sqlite_grouped | |"
  echo "| PostgreSQL, 64 clients | $(calculate %.0f "$postgresql_rate") | |"
  echo
  echo "| target | measured | |"
  echo "|---|---|---|"
  target "durable, 1 × 1: p50 within 1.3 × the limit's" "$(figure durable-1 p50_us) / ($limit_echo + $limit_sync)" " ×" "<=" 1.3
  target "durable, 16 × 64: at least 300,000 a second" "$(figure durable-1024 requests_per_second)" " /s" ">=" 300000
  target "durable, 16 × 64: at least 20 × a transaction each" "$(figure durable-1024 requests_per_second) / $best" " ×" ">=" 20
  target "the log leaves Evaluate at least 75 % of its throughput" "$log_share" "" ">=" 0.75
  target "the log raises Evaluate's p99 by at most 10 %" "$log_p99" " ×" "<=" 1.1
  target "replay: at least a million entries a second" "($replay_rate) / 1e6" " million/s" ">=" 1
  target "restart from a snapshot of $snapshot_keys window keys: within 5 s" "$snapshot_seconds" " s" "<=" 5
  target "verification: at least 1 GB/s" "$verify_rate" " GB/s" ">=" 1
}

run_journal() {
  need postgresql libsqlite3-dev
  clang -O2 -Wall -Wextra -Werror -o "$work/limit_sync" "$parts/limit_sync.c"
  clang -O2 -Wall -Wextra -Werror -o "$work/sqlite_load" "$parts/sqlite_load.c" -lsqlite3
  start_limit
  data=$work/durable
  start_gatehouse_on "$data"
  entry_bytes=$(record_bytes)
  durable_alone
  durable_together
  kill "$gatehouse_pid"
  sqlite
  postgresql
  cost_of_the_log
  replay_and_verify
  restart_from_snapshot
  print_journal
}
