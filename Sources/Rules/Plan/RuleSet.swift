import Windows

/// A compiled rules file: immutable, shared by all shards. The functions that run for every activity read plain tables at
/// fixed places; they allocate nothing and touch no reference count. In order of use, for one activity:
///
/// 1. `selectKind`; below zero, no rule and no counter wants the activity.
/// 2. The engine fills `FieldValues`.
/// 3. `plan` says which windows to update and to read.
/// 4. The engine does so and stores the readings.
/// 5. `decide` judges the rules.
///
/// `@unchecked Sendable`: every table is written in `init` and freed in `deinit`, and only read in between.
public final class RuleSet: @unchecked Sendable {
  /// The digest of the file's canonical text, as the injected function spells it.
  public let version: String
  public let counters: [CounterPlan]
  /// In the order of the file.
  public let rules: [RulePlan]
  /// The named lists, in the order of the file.
  public let lists: [ListPlan]
  /// The keys of the attributes that the engine is to look up for `FieldValues.setAttribute`.
  public let attributeNames: [String]
  /// The kinds that rules and counters name; an index is what `selectKind` returns.
  public let kinds: [String]
  /// None of them has a `*`, so that an activity of a kind has an entity and an action that stand in the rules.
  public let kindsAreExact: Bool
  /// The span of every reading, in milliseconds; `maxReadings` of them.
  public let spans: UnsafePointer<Int64>
  /// How far behind the server's clock an activity may be and still count, in milliseconds.
  public let latenessMilliseconds: Int64
  /// How many readings `plan` can ask for: the size of the array that `decide` takes.
  public let maxReadings: Int
  /// The most observations of one verdict.
  public let maxObservations: Int

  /// Of `counters`, whose own count is a look at the heap.
  let counterCount: Int
  let kindTable: KindTable
  /// By kind, the readings that its rules take.
  let kindReadings: [[Int]]
  let kindPlans: FixedBuffer<KindPlan>
  let groupPlans: FixedBuffer<GroupPlan>
  let operationPlans: FixedBuffer<OperationPlan>
  let parts: FixedBuffer<PartPlan>
  let groupParts: FixedBuffer<Int32>
  let hashedParts: FixedBuffer<Int32>
  let messageSteps: FixedBuffer<MessageStep>
  let triggerPlans: FixedBuffer<TriggerPlan>
  let judgedRules: FixedBuffer<JudgedRule>
  let observationPlans: FixedBuffer<ObservationPlan>
  let spanBuffer: FixedBuffer<Int64>
  /// The counter of every reading.
  let readingCounters: FixedBuffer<Int32>
  let program: RuleProgram
  /// What filters get for readings: they read none.
  let noReadings: UnsafeMutablePointer<WindowReading>

  init(version: String, plan: PlanBuilder) {
    self.version = version
    counters = plan.counters
    counterCount = plan.counters.count
    rules = plan.rules
    lists = plan.file.lists.compactMap { ListPlan($0) }
    attributeNames = plan.file.attributes
    kinds = plan.kinds
    kindsAreExact = !plan.kinds.contains { $0.hasSuffix("*") }
    latenessMilliseconds = plan.latenessMilliseconds
    maxReadings = plan.readings.count
    maxObservations = plan.rules.reduce(0) { $0 + $1.observations.count }
    kindTable = KindTable(kinds: plan.kinds)
    kindReadings = plan.kindReadings
    kindPlans = FixedBuffer(plan.kindPlans)
    groupPlans = FixedBuffer(plan.groups)
    operationPlans = FixedBuffer(plan.operations)
    parts = FixedBuffer(plan.lowering.parts)
    hashedParts = FixedBuffer(plan.hashedParts)
    messageSteps = FixedBuffer(plan.lowering.messageSteps)
    groupParts = FixedBuffer(plan.groupParts)
    triggerPlans = FixedBuffer(plan.triggers)
    judgedRules = FixedBuffer(plan.judgedRules)
    observationPlans = FixedBuffer(plan.observations)
    spanBuffer = FixedBuffer(plan.readings.map(\.window))
    spans = spanBuffer.pointer
    readingCounters = FixedBuffer(
      plan.readings.map { reading in Int32(plan.usedCounters.firstIndex(of: reading.counter) ?? 0) })
    program = RuleProgram(plan.lowering)
    noReadings = .allocate(capacity: 1)
    noReadings.initialize(to: WindowReading())
  }

  deinit {
    kindTable.deallocate()
    kindPlans.deallocate()
    groupPlans.deallocate()
    operationPlans.deallocate()
    parts.deallocate()
    groupParts.deallocate()
    hashedParts.deallocate()
    messageSteps.deallocate()
    triggerPlans.deallocate()
    judgedRules.deallocate()
    observationPlans.deallocate()
    spanBuffer.deallocate()
    readingCounters.deallocate()
    program.deallocate()
    noReadings.deallocate()
  }

  /// The windows over which rules read a counter, in milliseconds, shortest first.
  public func windowsMilliseconds(ofCounter counter: Int) -> [Int64] {
    (0..<maxReadings).filter { Int(readingCounters[$0]) == counter }.map { spans[$0] }.sorted()
  }

  /// The name of what a verdict says is missing: a field, an attribute, or a counter whose window holds nothing yet.
  public func missingName(_ missing: Int32) -> String {
    let index = Int(missing)
    if let field = Field(rawValue: index) { return field.name }
    if index < FieldValues.slotCount { return "attributes." + attributeNames[index - Field.count] }
    return counters[index - FieldValues.slotCount].name
  }
}
