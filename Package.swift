// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target: Swift 6 mode (strict concurrency) and no warning left standing.
let house: [SwiftSetting] = [.treatAllWarnings(as: .error)]

/// The rooms, lowest first. An arrow may only point to a room that stands higher in this list.
let package = Package(
  name: "gatehouse",
  products: [
    .executable(name: "gatehouse", targets: ["gatehouse"]),
    .executable(name: "gatehouse-bench", targets: ["gatehouse-bench"]),
    .library(name: "GatehouseClient", targets: ["GatehouseClient"]),
  ],
  targets: [
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
    .target(name: "CLinux"),
    .target(name: "Processors", dependencies: ["CLinux"], swiftSettings: house),
    .target(name: "Spelling", swiftSettings: house),
    .target(name: "Arguments", dependencies: ["Spelling"], swiftSettings: house),
    .target(name: "Wire", swiftSettings: house),
    .target(name: "ProtoJSON", dependencies: ["Wire"], swiftSettings: house),
    .target(name: "GatehouseProtocol", dependencies: ["Wire"], swiftSettings: house),
    .target(name: "Transport", dependencies: ["Wire", "Processors", "CLinux"], swiftSettings: house),
    .target(name: "Windows", dependencies: ["CLinux"], swiftSettings: house),
    .target(name: "Rules", dependencies: ["Windows", "Spelling"], swiftSettings: house),
    .target(name: "Journal", dependencies: ["COpenSSL", "CLinux"], swiftSettings: house),
    .target(
      name: "Engine", dependencies: ["Rules", "Windows", "GatehouseProtocol", "Wire", "Processors", "CLinux"],
      swiftSettings: house),
    .target(
      name: "GatehouseClient", dependencies: ["Transport", "GatehouseProtocol", "Wire"], path: "clients/swift",
      exclude: ["README.md"], swiftSettings: house),
    .target(
      name: "Server",
      dependencies: [
        "Engine", "Rules", "Windows", "Journal", "Transport", "GatehouseProtocol", "Wire", "Processors", "COpenSSL",
      ],
      swiftSettings: house),
    .executableTarget(
      name: "gatehouse",
      dependencies: [
        "Arguments", "Spelling", "ProtoJSON", "Server", "GatehouseClient", "Engine", "Rules", "Journal", "Transport",
        "GatehouseProtocol", "Wire",
      ],
      swiftSettings: house),
    .target(
      name: "Bench", dependencies: ["Arguments", "Spelling", "Transport", "GatehouseProtocol", "Wire", "CLinux"],
      swiftSettings: house),
    .executableTarget(name: "gatehouse-bench", dependencies: ["Bench"], swiftSettings: house),
    .executableTarget(name: "protogen", swiftSettings: house),

    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    .executableTarget(
      name: "hot-path", dependencies: ["Engine", "CAllocationCount"], path: "Tests/HotPath", swiftSettings: house),
    .executableTarget(
      name: "rules-sweep", dependencies: ["Engine", "Rules", "Windows", "GatehouseProtocol", "Wire"],
      path: "Tests/RulesSweep", swiftSettings: house),
    .testTarget(name: "ProcessorsTests", dependencies: ["Processors"], swiftSettings: house),
    .testTarget(name: "SpellingTests", dependencies: ["Spelling"], swiftSettings: house),
    .testTarget(name: "ArgumentsTests", dependencies: ["Arguments"], swiftSettings: house),
    .target(
      name: "AllKinds", dependencies: ["Wire"], path: "Tests/AllKinds", exclude: ["all_kinds.proto"],
      swiftSettings: house),
    .testTarget(name: "ProtoJSONTests", dependencies: ["ProtoJSON", "Wire"], swiftSettings: house),
    .executableTarget(
      name: "wire-interop", dependencies: ["Wire", "GatehouseProtocol", "AllKinds"], path: "Tests/WireInterop",
      swiftSettings: house),
    .testTarget(
      name: "WireTests", dependencies: ["Wire", "GatehouseProtocol", "AllKinds", "protogen"], swiftSettings: house),
    .testTarget(name: "TransportTests", dependencies: ["Transport", "Wire"], swiftSettings: house),
    .testTarget(name: "WindowsTests", dependencies: ["Windows"], swiftSettings: house),
    .testTarget(name: "RulesTests", dependencies: ["Rules"], exclude: ["Corpus"], swiftSettings: house),
    .testTarget(name: "JournalTests", dependencies: ["Journal", "CAllocationCount"], swiftSettings: house),
    .testTarget(name: "EngineTests", dependencies: ["Engine", "CAllocationCount"], swiftSettings: house),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "gatehouse", "Arguments", "ProtoJSON", "Engine", "Rules", "Server", "Journal", "GatehouseProtocol", "Wire",
      ],
      swiftSettings: house),
    .testTarget(
      name: "ClientTests", dependencies: ["GatehouseClient", "Transport", "GatehouseProtocol", "Wire"],
      swiftSettings: house),
    .testTarget(
      name: "BenchTests",
      dependencies: ["Bench", "Arguments", "Transport", "GatehouseProtocol", "Wire"],
      swiftSettings: house),
    .testTarget(
      name: "ServerTests", dependencies: ["Server", "GatehouseClient", "CAllocationCount"], swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)

// The fuzz targets need every module compiled for libFuzzer, so they are there only when `Tests/fuzz` asks for them.
if Context.environment["GATEHOUSE_FUZZ"] != nil {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "gatehouse-fuzz",
      dependencies: ["CFuzzer", "Transport", "Engine", "Rules", "Journal", "GatehouseProtocol", "Wire"],
      path: "Tests/FuzzTargets", swiftSettings: house),
  ]
}
