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
  /// The keys of the attributes that the engine is to look up for `FieldValues.setAttribute`.
  public let attributeNames: [String]
  /// The kinds that rules and counters name; an index is what `selectKind` returns.
  public let kinds: [String]
  /// The span of every reading, in milliseconds; `maxReadings` of them.
  public let spans: UnsafePointer<Int64>
  /// The most operations of one activity.
  public let maxOperations: Int
  /// How many readings `plan` can ask for: the size of the array that `decide` takes.
  public let maxReadings: Int
  /// The most observations of one verdict.
  public let maxObservations: Int

  let kindTable: KindTable
  let kindPlans: FixedBuffer<KindPlan>
  let operationPlans: FixedBuffer<OperationPlan>
  let parts: FixedBuffer<PartPlan>
  let groupParts: FixedBuffer<Int32>
  let judgedRules: FixedBuffer<JudgedRule>
  let observationPlans: FixedBuffer<ObservationPlan>
  let spanBuffer: FixedBuffer<Int64>
  let program: RuleProgram
  /// What filters get for readings: they read none.
  let noReadings: UnsafeMutablePointer<WindowReading>

  init(version: String, plan: PlanBuilder) {
    self.version = version
    counters = plan.counters
    rules = plan.rules
    attributeNames = plan.file.attributes
    kinds = plan.kinds
    maxOperations = plan.kindPlans.map { Int($0.operationCount) }.max() ?? 0
    maxReadings = plan.readings.count
    maxObservations = plan.rules.reduce(0) { $0 + $1.observations.count }
    kindTable = KindTable(kinds: plan.kinds)
    kindPlans = FixedBuffer(plan.kindPlans)
    operationPlans = FixedBuffer(plan.operations)
    parts = FixedBuffer(plan.parts)
    groupParts = FixedBuffer(plan.groupParts)
    judgedRules = FixedBuffer(plan.judgedRules)
    observationPlans = FixedBuffer(plan.observations)
    spanBuffer = FixedBuffer(plan.readings.map(\.window))
    spans = spanBuffer.pointer
    program = RuleProgram(plan.lowering)
    noReadings = .allocate(capacity: 1)
    noReadings.initialize(to: WindowReading())
  }

  deinit {
    kindTable.deallocate()
    kindPlans.deallocate()
    operationPlans.deallocate()
    parts.deallocate()
    groupParts.deallocate()
    judgedRules.deallocate()
    observationPlans.deallocate()
    spanBuffer.deallocate()
    program.deallocate()
    noReadings.deallocate()
  }

  /// The name of a field or attribute that a verdict says is missing.
  public func fieldName(_ slot: Int32) -> String {
    let slot = Int(slot)
    if let field = Field(rawValue: slot) { return field.name }
    return "attributes." + attributeNames[slot - Field.count]
  }
}
