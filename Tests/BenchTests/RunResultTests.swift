import Foundation
import Testing

@testable import Bench

@Suite("A result")
struct RunResultTests {
  @Test("is read back from its JSON as it was")
  func roundTrip() throws {
    let result = Sample.result()
    #expect(try RunResult(json: Data(result.json().utf8), source: "it") == result)
  }

  /// Scripts rely on these names: they may grow, and nothing may leave or change its meaning within a schema.
  @Test("has the keys that scripts rely on")
  func schema() throws {
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(Sample.result().json().utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "arrival", "bytes_received", "bytes_sent", "connections", "crossed_thresholds", "curve", "depth", "duration_s",
        "error_p99_us", "error_share", "errors", "harness_cpu", "host", "invalid_reasons", "lag_max_us", "lag_p50_us",
        "lag_p99_us", "loop", "max_us", "mean_us", "name", "outcomes", "p50_us", "p90_us", "p9999_us", "p999_us",
        "p99_us", "rate", "requests", "requests_per_second", "schema", "sent_per_second", "server", "server_cpu",
        "server_cpu_ns_per_request", "server_rss_bytes", "server_rss_peak_bytes", "started_at", "status", "steps",
        "timeline", "unanswered", "valid", "warmup_s", "workload",
      ])
    #expect(object["schema"] as? Int == 1)
    let parts: [(String, [String])] = [
      ("server", ["address", "rule_set_version", "version"]), ("host", ["cores", "cpu", "kernel"]),
      ("workload", ["durability", "ids", "keys", "mix", "mode", "payload_bytes", "seed", "zipf"]),
    ]
    for (name, keys) in parts { #expect((object[name] as? [String: Any])?.keys.sorted() == keys, "\(name)") }
    let lists: [(String, [String])] = [
      ("timeline", ["errors", "max_us", "p50_us", "p99_us", "requests", "second"]),
      ("steps", ["from_s", "p50_us", "server_rss_bytes", "to_s"]), ("curve", ["count", "percentile", "us"]),
    ]
    for (name, keys) in lists { #expect((object[name] as? [[String: Any]])?.first?.keys.sorted() == keys, "\(name)") }
  }

  @Test("writes whole numbers without a fraction")
  func wholeNumbers() throws {
    #expect(try Sample.result { $0.figures[.requests] = 2_000_000 }.json().contains("\"requests\" : 2000000,"))
  }

  @Test("of a closed loop has no rate and no lag")
  func closed() throws {
    let result = Sample.result {
      $0.details.rate = nil
      $0.details.arrival = nil
      $0.figures[.lagP99] = nil
    }
    let text = try result.json()
    #expect(!text.contains("\"rate\"") && !text.contains("lag_p99_us"))
    #expect(try RunResult(json: Data(text.utf8), source: "it") == result)
  }

  @Test("with keys that are not known yet is read all the same")
  func laterKeys() throws {
    let text = try Sample.result().json().replacing("\"valid\" : true", with: "\"valid\" : true, \"mood\" : \"good\"")
    #expect(try RunResult(json: Data(text.utf8), source: "it") == Sample.result())
  }

  @Test("of another schema, or no result at all, is refused by the file's name")
  func refusals() throws {
    let later = try Sample.result().json().replacing("\"schema\" : 1", with: "\"schema\" : 2")
    #expect(throws: BenchError.file("a.json has schema 2; this gatehouse-bench reads 1")) {
      try RunResult(json: Data(later.utf8), source: "a.json")
    }
    for (text, mistake) in [
      ("", "it is not JSON"), ("no", "it is not JSON"), ("{}", "it has no schema"),
      ("{\"schema\":\"1\"}", "its schema is"),
    ] {
      let error = #expect(throws: BenchError.self) { try RunResult(json: Data(text.utf8), source: "a.json") }
      #expect(error?.message.hasPrefix("a.json is no result of gatehouse-bench: \(mistake)") == true)
    }
    #expect(throws: BenchError.self) { try RunResult(json: Data("[1]".utf8), source: "a.json") }
    #expect(throws: BenchError.self) { try RunResult(file: "/nonexistent") }
  }

  @Test("tells people its shape, its figures and what is wrong with it")
  func text() {
    let text = Sample.result {
      $0.figures[.requestsPerSecond] = 2_012_345
      $0.figures[.p50] = 54.12
      $0.details.invalidReasons = ["it rained"]
      $0.details.crossedThresholds = ["p99_us>5"]
    }.text()
    for part in [
      "evaluate=8,health=1, record, open loop at 50,000 /s poisson, 16 × 64, 100,000 keys by Zipf 0.99", "2,012,345 /s",
      "p50 54.1", "OK 99,990   RESOURCE_EXHAUSTED 10", "NONE 99,000   FRICTION 990", "NOT VALID    it rained",
      "crossed      p99_us>5", "server memory 50 MiB", "rules 0123456789abcdef",
    ] {
      #expect(text.contains(part), "\(part) in \(text)")
    }
  }
}
