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
  /// By kind, the readings that its rules take, rising.
  private(set) var kindReadings: [[Int]] = []
  private(set) var groups: [GroupPlan] = []
  private(set) var operations: [OperationPlan] = []
  private(set) var groupParts: [Int32] = []
  private(set) var judgedRules: [JudgedRule] = []
  /// By kind, each reading at most once.
  private(set) var triggers: [TriggerPlan] = []
  /// By kind, the parts that are hashed for every activity.
  private(set) var hashedParts: [Int32] = []
  private(set) var observations: [ObservationPlan] = []
  private(set) var lowering: Lowering
  /// By rule, the counters that it reads.
  private let ruleReadings: [Set<Reading>]
  /// By rule; see `Condition.triggers`.
  private let ruleTriggers: [[Reading: Int64]?]

  init(_ file: CheckedFile, latenessMilliseconds: Int64) {
    (self.file, self.latenessMilliseconds) = (file, latenessMilliseconds)
    ruleReadings = file.rules.map { rule in
      var gathered: Set<Reading> = []
      if rule.mode != .off { rule.forEachReading { gathered.insert($0) } }
      return gathered
    }
    ruleTriggers = file.rules.map { rule in
      rule.condition.triggers { Lowering.operation(file.counters[$0.counter].aggregate) == .reading }
    }
    readings = Set(ruleReadings.joined()).sorted { ($0.counter, $0.window) < ($1.counter, $1.window) }
    usedCounters = Set(readings.map(\.counter)).sorted()
    lowering = Lowering(
      file: file, readingIndices: Dictionary(uniqueKeysWithValues: readings.enumerated().map { ($1, $0) }))
    for counter in usedCounters { if let plan = counterPlan(counter) { counters.append(plan) } }
    gatherKinds()
    guard fits() else { return }
    let judged = file.rules.indices.flatMap { judge($0) }
    let filters = usedCounters.map { file.counters[$0].filter.map { filter in lowering.program(filter) } ?? 0..<0 }
    for kind in kinds { layOut(kind, judged, filters) }
    checkDecisions()
  }

  // MARK: - Counters and kinds

  /// The counter with a window that is exact for every rule: a count that is compared with K needs K + 1 events.
  private mutating func counterPlan(_ index: Int) -> CounterPlan? {
    let counter = file.counters[index]
    let capacity = counter.aggregate.isCount ? countCapacity(index) : WindowShape.defaultEventCapacity
    let longest = readings.filter { $0.counter == index }.map(\.window).max() ?? Limits.minWindowMilliseconds
    do throws(WindowShapeError) {
      let shape = try WindowShape(
        aggregate: counter.aggregate.shape, capacity: capacity, longestSpanMilliseconds: longest,
        latenessMilliseconds: latenessMilliseconds)
      return CounterPlan(
        name: counter.name, definition: counter.definition, identity: Self.identity(counter.definition), shape: shape)
    } catch {
      diagnostics.report(.windowOutOfRange, "no window for `\(counter.name)`", counter.span, error.description)
      return nil
    }
  }

  private func countCapacity(_ counter: Int) -> Int {
    var capacity = 1
    for rule in file.rules where rule.mode != .off {
      rule.condition.forEachComparison { comparison, left, right in
        guard left.wholeReading?.counter == counter, case .constant(let threshold) = right else { return }
        let isReached = comparison == .greaterOrEqual || comparison == .less
        capacity = max(capacity, Int(threshold) + (isReached ? 0 : 1))
      }
    }
    return capacity
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
    var keys: Set<KeyPart> = []
    var values: Set<KeyPart> = []
    for counter in usedCounters.map({ file.counters[$0] }) {
      keys.formUnion(counter.groups)
      if let value = counter.value { values.insert(value) }
    }
    for rule in file.rules {
      if let key = rule.shareKey { keys.insert(key) }
      rule.condition.forEachRemembered { values.insert($0) }
    }
    if keys.count + values.count > Limits.maxKeyParts {
      diagnostics.report(
        .tooMany, "\(keys.count + values.count) different fields to group by or to tell apart", place,
        "at most \(Limits.maxKeyParts)")
    }
    return !diagnostics.hasErrors
  }

  // MARK: - Rules

  /// The rule's metadata, and the one or two ways in which it may fire.
  private mutating func judge(_ index: Int) -> [JudgedRule] {
    let rule = file.rules[index]
    guard rule.mode != .off else {
      rules.append(RulePlan(rule, counters: [], observations: [], message: 0..<0, otherwiseMessage: 0..<0, tree: nil))
      return []
    }
    let tree = lowering.lower(rule.condition)
    let program = tree.start..<tree.end
    let depth = Lowering.depth(of: lowering.instructions[program])
    if depth > Limits.maxStackDepth {
      diagnostics.report(
        .tooComplex, "the condition of `\(rule.name)` is too deep", rule.span,
        "at most \(Limits.maxStackDepth) values under way at once", help: "split it into several rules")
    }
    let first = observations.count
    let noted = observe(rule.condition)
    let message = lowering.message(rule.consequence)
    let otherwiseMessage = rule.otherwise.map { lowering.message($0) } ?? 0..<0
    let read = Set(ruleReadings[index].map(\.counter))
    let counters = usedCounters.indices.filter { read.contains(usedCounters[$0]) }
    rules.append(
      RulePlan(
        rule, counters: counters, observations: noted, message: message, otherwiseMessage: otherwiseMessage,
        tree: tree))
    let judged = JudgedRule(
      identity: Self.identity(rule.name), shareLimit: Self.limit(rule.share), triggers: triggerBits(index),
      sharePart: rule.shareKey.map { lowering.part($0, isKey: true) } ?? -1,
      rule: Int32(index), programStart: Int32(program.lowerBound), programCount: Int32(program.count),
      firstObservation: Int32(first), observationCount: Int32(noted.count), effect: rule.consequence.effect,
      firesWhenUnknown: false, hasOtherwise: rule.otherwise != nil, isShadow: rule.mode == .shadow)
    guard let otherwise = rule.otherwise, !otherwise.isNothing else { return [judged] }
    var second = judged
    (second.effect, second.firesWhenUnknown) = (otherwise.effect, true)
    return [judged, second]
  }

  /// Below this a key's 64-bit hash is within the share.
  private static func limit(_ share: Int64?) -> UInt64 {
    guard let share, share < 10_000 else { return .max }
    return UInt64(share) * (UInt64.max / 10_000)
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
      let form = left.observedForm(file.counters[reading.counter].aggregate)
      plans.append(ObservationPlan(reading: Int32(index), threshold: threshold, form: form))
    }
    observations += plans
    return noted
  }

  // MARK: - Kinds

  private mutating func layOut(_ kind: String, _ judged: [JudgedRule], _ filters: [Range<Int>]) {
    let applies = { (patterns: [String]) in patterns.contains { KindTable.matches(pattern: $0, kind: kind) } }
    let mine = judged.filter { applies(file.rules[Int($0.rule)].kinds) }
      .sorted { ($1.effect.rawValue, $0.rule) < ($0.effect.rawValue, $1.rule) }
    let wanted = Set(mine.flatMap { ruleReadings[Int($0.rule)] })
    kindReadings.append(readings.indices.filter { wanted.contains(readings[$0]) })
    let firstTrigger = triggers.count
    triggers += triggers(of: mine)
    var hashed = Set(mine.flatMap { remembered(Int($0.rule)) + ($0.sharePart < 0 ? [] : [$0.sharePart]) })
    var grouped: [(groups: [KeyPart], operations: [OperationPlan])] = []
    for (position, index) in usedCounters.enumerated() {
      let isFed = applies(file.counters[index].kinds)
      let mineReadings = readings.indices.filter { readings[$0].counter == index && wanted.contains(readings[$0]) }
      guard isFed || !mineReadings.isEmpty else { continue }
      let span = mineReadings.isEmpty ? 0..<0 : mineReadings[0]..<mineReadings[mineReadings.count - 1] + 1
      let plan = operation(position, kind, isFed, span, filters[position])
      hashed.formUnion(file.counters[index].groups.map { lowering.part($0, isKey: true) })
      if isFed, plan.content == .fingerprint, plan.filterCount == 0 { hashed.insert(plan.value) }
      if let known = grouped.firstIndex(where: { $0.groups == file.counters[index].groups }) {
        grouped[known].operations.append(plan)
      } else {
        grouped.append((file.counters[index].groups, [plan]))
      }
    }
    let firstGroup = groups.count
    for (parts, plans) in grouped { layOut(parts, plans) }
    kindPlans.append(
      KindPlan(
        firstGroup: Int32(firstGroup), groupCount: Int32(grouped.count),
        firstTrigger: Int32(firstTrigger), triggerCount: Int32(triggers.count - firstTrigger),
        firstRule: Int32(judgedRules.count), ruleCount: Int32(mine.count), firstHashed: Int32(hashedParts.count),
        hashedCount: Int32(hashed.count)))
    hashedParts += hashed.sorted()
    judgedRules += mine
  }

  /// The bounds that rules wait for, of each reading the lowest.
  private func triggers(of rules: [JudgedRule]) -> [TriggerPlan] {
    let bounds = rules.compactMap { ruleTriggers[Int($0.rule)] }
      .reduce(into: [:]) { $0.merge($1) { min($0, $1) } }
    return bounds.compactMap { reading, bound in
      lowering.readingIndices[reading].map { TriggerPlan(reading: Int32($0), bound: bound) }
    }
    .sorted { $0.reading < $1.reading }
  }

  private func triggerBits(_ rule: Int) -> UInt64 {
    guard let triggers = ruleTriggers[rule] else { return TriggerPlan.always }
    return triggers.reduce(0) { bits, trigger in
      let reading = lowering.readingIndices[trigger.key]
      return bits | (reading.map { TriggerPlan(reading: Int32($0), bound: 0).bit } ?? TriggerPlan.always)
    }
  }

  /// The parts that a rule's condition compares with remembered ones.
  private mutating func remembered(_ rule: Int) -> [Int32] {
    var found: [KeyPart] = []
    file.rules[rule].condition.forEachRemembered { found.append($0) }
    return found.map { lowering.part($0, isKey: false) }
  }

  /// The counters of a kind that group by `parts`.
  private mutating func layOut(_ parts: [KeyPart], _ plans: [OperationPlan]) {
    let numbers = parts.map { lowering.part($0, isKey: true) }
    groups.append(
      GroupPlan(
        parts: numbers.reduce(0) { $0 | 1 << UInt64($1) }, firstPart: Int32(groupParts.count),
        partCount: Int32(parts.count), firstOperation: Int32(operations.count), operationCount: Int32(plans.count)))
    groupParts += numbers
    operations += plans
  }

  private mutating func operation(
    _ position: Int, _ kind: String, _ isFed: Bool, _ span: Range<Int>, _ filter: Range<Int>
  ) -> OperationPlan {
    let counter = file.counters[usedCounters[position]]
    var plan = OperationPlan(
      counter: Int32(position), firstReading: Int32(span.lowerBound), value: 0,
      requiredFields: counter.filter?.requiredFields ?? 0, filterStart: Int32(filter.lowerBound),
      filterCount: Int32(filter.count), readingCount: Int16(span.count), isFed: isFed, content: .nothing,
      looksBack: counter.aggregate.looksBack)
    if let value = counter.value {
      switch value.derivation {
      case .place: (plan.content, plan.value) = (.place, Int32(value.slot))
      case .number: (plan.content, plan.value) = (.number, Int32(value.slot))
      case .lockLength:
        (plan.content, plan.value) = (kind == CustomerLock.unlockKind ? .zero : .lockLength, Int32(value.slot))
      default: (plan.content, plan.value) = (.fingerprint, lowering.part(value, isKey: false))
      }
    }
    if plan.content == .fingerprint { plan.valuePart = 1 << UInt64(plan.value) }
    let hasPlainValue = plan.content == .nothing || plan.content == .fingerprint
    plan.isPlain = isFed && filter.isEmpty && hasPlainValue && !plan.looksBack
    return plan
  }
}

extension Quantity {
  /// What is observed of the counter that it is.
  fileprivate func observedForm(_ aggregate: Aggregate) -> ObservationPlan.Form {
    if case .lockRemaining = self { return .lockRemaining }
    switch Lowering.operation(aggregate) {
    case .elapsed: return .elapsed
    case .presentReading: return .presentValue
    default: return .value
    }
  }
}

extension Aggregate {
  var shape: WindowShape.Aggregate {
    switch self {
    case .count, .rate: .count
    case .distinct: .distinct
    case .sum: .sum
    case .average: .average
    case .min: .minimum
    case .max: .maximum
    case .first: .first
    case .last, .timeSince: .last
    }
  }
}
