import Windows

/// Lays a checked file out as the tables of a `RuleSet`.
struct PlanBuilder {
  let file: CheckedFile
  let latenessMilliseconds: Int64
  var diagnostics = DiagnosticList()

  /// The counters that rules read, as indices into the checked file, in its order.
  private(set) var usedCounters: [Int] = []
  /// Sorted by counter, then by window.
  private(set) var readings: [Reading] = []
  private(set) var counters: [CounterPlan] = []
  private(set) var rules: [RulePlan] = []
  private(set) var kinds: [String] = []
  private(set) var kindPlans: [KindPlan] = []
  private(set) var operations: [OperationPlan] = []
  private(set) var parts: [PartPlan] = []
  private(set) var groupParts: [Int32] = []
  private(set) var judgedRules: [JudgedRule] = []
  private(set) var observations: [ObservationPlan] = []
  private(set) var lowering: Lowering

  init(_ file: CheckedFile, latenessMilliseconds: Int64) {
    (self.file, self.latenessMilliseconds) = (file, latenessMilliseconds)
    var gathered: Set<Reading> = []
    for rule in file.rules { rule.condition.forEachReading { gathered.insert($0) } }
    readings = gathered.sorted { ($0.counter, $0.window) < ($1.counter, $1.window) }
    usedCounters = Set(readings.map(\.counter)).sorted()
    lowering = Lowering(
      file: file, readingIndices: Dictionary(uniqueKeysWithValues: readings.enumerated().map { ($1, $0) }))
    counters = usedCounters.compactMap { counterPlan($0) }
    gatherKinds()
    guard fits() else { return }
    let judged = file.rules.indices.flatMap { judge($0) }
    let filters = usedCounters.map { file.counters[$0].filter.map { filter in lowering.program(filter) } ?? 0..<0 }
    for kind in kinds { layOut(kind, judged, filters) }
  }

  // MARK: - Counters and kinds

  /// The counter with a window that is exact for every rule: a count that is compared with K needs K + 1 events.
  private func counterPlan(_ index: Int) -> CounterPlan? {
    let counter = file.counters[index]
    var capacity = 1
    for rule in file.rules {
      rule.condition.forEachComparison { comparison, left, right in
        guard left.wholeReading?.counter == index, case .constant(let threshold) = right else { return }
        let isStrict = comparison == .greaterOrEqual || comparison == .less
        capacity = max(capacity, Int(threshold) + (isStrict ? 0 : 1))
      }
    }
    if !counter.aggregate.isCount { capacity = WindowShape.defaultEventCapacity }
    let longest = readings.filter { $0.counter == index }.map(\.window).max() ?? Limits.minWindowMilliseconds
    guard
      let shape = try? WindowShape(
        aggregate: counter.aggregate.shape, capacity: capacity, longestSpanMilliseconds: longest,
        latenessMilliseconds: latenessMilliseconds)
    else { return nil }
    return CounterPlan(
      name: counter.name, definition: counter.definition, identity: Self.identity(counter.definition), shape: shape)
  }

  /// A public constant of the definition; the secret is in the hashes that it is combined with.
  private static func identity(_ definition: String) -> Hash128 {
    Array(definition.utf8).withUnsafeBytes { KeyHasher(key0: 0, key1: 0).hash($0) }
  }

  private mutating func gatherKinds() {
    var known: Set<String> = []
    for kind in file.rules.flatMap(\.kinds) + usedCounters.flatMap({ file.counters[$0].kinds })
    where known.insert(kind).inserted {
      kinds.append(kind)
    }
  }

  private mutating func fits() -> Bool {
    let place = file.rules.first?.span ?? SourceSpan(0, 0)
    if kinds.count > Limits.maxKinds {
      diagnostics.report(.tooMany, "\(kinds.count) kinds of activity", place, "at most \(Limits.maxKinds) in one file")
    }
    if readings.count > Limits.maxReadings {
      diagnostics.report(
        .tooMany, "\(readings.count) counters over different windows", place, "at most \(Limits.maxReadings)")
    }
    let distinctParts = Set(
      usedCounters.flatMap { file.counters[$0].groups + [file.counters[$0].value].compactMap { $0 } })
    if distinctParts.count > Limits.maxKeyParts {
      diagnostics.report(
        .tooMany, "\(distinctParts.count) different fields to group by or to tell apart", place,
        "at most \(Limits.maxKeyParts)")
    }
    return !diagnostics.hasErrors
  }

  // MARK: - Rules

  /// The rule's metadata, and the one or two ways in which it may fire.
  private mutating func judge(_ index: Int) -> [JudgedRule] {
    let rule = file.rules[index]
    let program = lowering.program(rule.condition)
    let depth = Lowering.depth(of: lowering.instructions[program])
    if program.count > Limits.maxInstructionsPerRule || depth > Limits.maxStackDepth {
      diagnostics.report(
        .tooComplex, "the condition of `\(rule.name)` is too large", rule.span,
        "at most \(Limits.maxInstructionsPerRule) steps, \(Limits.maxStackDepth) levels deep",
        help: "split it into several rules, or use lists")
    }
    let first = observations.count
    let noted = observe(rule.condition)
    var otherwise: RuleDeclaration.Consequence?
    if case .fires(let consequence)? = rule.otherwise { otherwise = consequence }
    rules.append(
      RulePlan(
        name: rule.name, effect: rule.effect, message: rule.message,
        otherwiseEffect: rule.otherwise.map { _ in otherwise?.effect ?? .none },
        otherwiseMessage: otherwise?.message?.text ?? "", observations: noted))
    let judged = JudgedRule(
      rule: Int32(index), programStart: Int32(program.lowerBound), programCount: Int32(program.count),
      firstObservation: Int32(first), observationCount: Int32(noted.count), effect: rule.effect,
      firesWhenUnknown: false, hasOtherwise: rule.otherwise != nil)
    guard let otherwise else { return [judged] }
    var second = judged
    (second.effect, second.firesWhenUnknown) = (otherwise.effect, true)
    return [judged, second]
  }

  /// The counters that a condition compares with constants, each with each threshold once.
  private mutating func observe(_ condition: Condition) -> [RulePlan.Observation] {
    var seen: Set<RulePlan.Observation> = []
    var noted: [RulePlan.Observation] = []
    var plans: [ObservationPlan] = []
    condition.forEachComparison { _, left, right in
      guard let reading = left.wholeReading, case .constant(let threshold) = right else { return }
      let observation = RulePlan.Observation(
        counter: file.counters[reading.counter].name, windowMilliseconds: reading.window, threshold: threshold)
      guard seen.insert(observation).inserted, let index = lowering.readingIndices[reading] else { return }
      noted.append(observation)
      plans.append(ObservationPlan(reading: Int32(index), threshold: threshold))
    }
    observations += plans
    return noted
  }

  // MARK: - Kinds

  private mutating func layOut(_ kind: String, _ judged: [JudgedRule], _ filters: [Range<Int>]) {
    let applies = { (patterns: [String]) in patterns.contains { KindTable.matches(pattern: $0, kind: kind) } }
    let mine = judged.filter { applies(file.rules[Int($0.rule)].kinds) }
      .sorted { ($1.effect.rawValue, $0.rule) < ($0.effect.rawValue, $1.rule) }
    var wanted: Set<Reading> = []
    for rule in mine { file.rules[Int(rule.rule)].condition.forEachReading { wanted.insert($0) } }
    let firstOperation = operations.count
    for (position, index) in usedCounters.enumerated() {
      let isFed = applies(file.counters[index].kinds)
      let mineReadings = readings.indices.filter { readings[$0].counter == index && wanted.contains(readings[$0]) }
      guard isFed || !mineReadings.isEmpty else { continue }
      let span = mineReadings.isEmpty ? 0..<0 : mineReadings[0]..<mineReadings[mineReadings.count - 1] + 1
      operations.append(operation(position, isFed, span, filters[position]))
    }
    kindPlans.append(
      KindPlan(
        firstOperation: Int32(firstOperation), operationCount: Int32(operations.count - firstOperation),
        firstRule: Int32(judgedRules.count), ruleCount: Int32(mine.count)))
    judgedRules += mine
  }

  private mutating func operation(
    _ position: Int, _ isFed: Bool, _ span: Range<Int>, _ filter: Range<Int>
  ) -> OperationPlan {
    let counter = file.counters[usedCounters[position]]
    let firstGroup = groupParts.count
    for group in counter.groups { groupParts.append(part(group)) }
    return OperationPlan(
      identity: counters[position].identity, counter: Int32(position), firstReading: Int32(span.lowerBound),
      readingCount: Int32(span.count), firstGroup: Int32(firstGroup), groupCount: Int32(counter.groups.count),
      value: counter.value.map { part($0) } ?? -1, filterStart: Int32(filter.lowerBound),
      filterCount: Int32(filter.count), isFed: isFed,
      isNumeric: counter.value != nil && counter.aggregate != .distinct)
  }

  /// The number of a key part, each of which is hashed once for all counters.
  private mutating func part(_ part: KeyPart) -> Int32 {
    var plan = PartPlan(slot: UInt8(part.slot), derivation: .text)
    switch part.derivation {
    case .text: break
    case .number: plan.derivation = .number
    case .address: plan.derivation = .address
    case .domain: plan.derivation = .domain
    case .prefix(let ipv4, let ipv6):
      (plan.derivation, plan.ipv4Bits, plan.ipv6Bits) = (.prefix, UInt8(ipv4), UInt8(ipv6))
    }
    if let index = parts.firstIndex(of: plan) { return Int32(index) }
    parts.append(plan)
    return Int32(parts.count - 1)
  }
}

extension Aggregate {
  /// Whether its readings are counts, which a window keeps only up to a threshold.
  var isCount: Bool { self == .count || self == .distinct }

  var shape: WindowShape.Aggregate {
    switch self {
    case .count: .count
    case .distinct: .distinct
    case .sum: .sum
    case .average: .average
    case .min: .minimum
    case .max: .maximum
    case .first: .first
    case .last: .last
    }
  }
}
