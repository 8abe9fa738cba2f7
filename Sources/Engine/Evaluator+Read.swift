import GatehouseProtocol
import Rules
import Windows
import Wire

/// Stage 1: read.
extension Evaluator {
  func readAll() {
    turnCount = 0
    if hasErrors { forgetErrors() }
    // Once for all calls: each time it is reached through the evaluator a reference is counted.
    let scratch = scratch
    for call in 0..<requests.count {
      evaluations[call] = Evaluation()
      read(call, requests[call], scratch)
      guard evaluations[call].state == .active else { continue }
      turn[turnCount] = call
      turnCount += 1
    }
  }

  private func read(_ call: Int, _ request: EvaluationRequest, _ scratch: EvaluationScratch) {
    evaluations[call].method = request.method
    guard request.payload.count <= EvaluationRequest.maxPayloadBytes else { return refuse(call, Self.requestTooLarge) }
    if readAtOnce(call, request, scratch) { return }
    do throws(WireError) {
      try readFields(call, request.method, request.payload)
    } catch {
      guard error.code == .needsCanonicalForm else { return refuse(call, malformed(error)) }
      readCanonically(call, request)
    }
  }

  /// Nearly every request: false when it has to be looked at more closely.
  private func readAtOnce(_ call: Int, _ request: EvaluationRequest, _ scratch: EvaluationScratch) -> Bool {
    let latest = now &+ engine.configuration.allowedSkewMilliseconds
    guard
      let found = RequestReader(request, scratch.layout, now: now, latestAllowed: latest, into: &scratch.fields[call])
    else { return false }
    let (kind, isSpelled) = scratch.rules._withUnsafeGuaranteedRef { rules in
      let kind = rules.selectKind(entity: found.entity, action: found.action)
      return (kind, kind >= 0 && rules.kindsAreExact)
    }
    guard isSpelled || TextShape.word.fits(found.entity) && TextShape.word.fits(found.action) else { return false }
    evaluations[call].kind = kind
    evaluations[call].time = found.time
    evaluations[call].createdAt = now
    evaluations[call].activity = found.activity
    evaluations[call].isRecorded = found.mode != EvaluateRequest.Mode.check.rawValue
    evaluations[call].durability = found.durability
    if evaluations[call].isRecorded && !found.id.isEmpty { noteID(call, found.id) }
    settleDurability(call)
    return true
  }

  private func readFields(
    _ call: Int, _ method: EvaluationRequest.Method, _ payload: UnsafeRawBufferPointer
  ) throws(WireError) {
    switch method {
    case .evaluate:
      let view = try EvaluateRequestView(payload)
      guard EvaluationRequest.knows(view.mode) else { return refuse(call, Self.unknownMode) }
      evaluations[call].isRecorded = view.mode != .check
      evaluations[call].durability = view.durability.rawValue
      guard view.hasActivity else { return refuse(call, Self.missingActivity) }
      try readActivity(call, view.activity, payload)
    case .record:
      let view = try RecordActivityRequestView(payload)
      evaluations[call].durability = view.durability.rawValue
      guard view.hasActivity else { return refuse(call, Self.missingActivity) }
      try readActivity(call, view.activity, payload)
    }
  }

  private func readActivity(
    _ call: Int, _ view: ActivityView, _ payload: UnsafeRawBufferPointer
  ) throws(WireError) {
    let activity = try ActivityBytes.find(in: payload)
    guard activity.count <= ActivityCheck.maxActivityBytes else { return refuse(call, Self.activityTooLarge) }
    let kind = adopt(call, view, in: payload, activity: activity, createdAt: now)
    let latest = now &+ engine.configuration.allowedSkewMilliseconds
    let isSpelled = kind >= 0 && scratch.generation.rules.kindsAreExact
    let violations = ActivityCheck(view, in: payload, latestAllowed: latest, kindIsKnown: isSpelled).violations.list
    guard violations.isEmpty else {
      return refuse(
        call, RPCError(.invalidArgument, "the activity is not as the contract wants it", violations: violations))
    }
    settleDurability(call)
  }

  /// Takes over what the stages need of an activity that lies in `bytes`; returns its kind.
  @discardableResult
  func adopt(
    _ call: Int, _ view: ActivityView, in bytes: UnsafeRawBufferPointer, activity: UnsafeRawBufferPointer,
    createdAt: Int64
  ) -> Int32 {
    let time = view.occurredAt ?? createdAt
    let kind = scratch.generation.rules.selectKind(
      entity: view.entity.bytes(in: bytes), action: view.action.bytes(in: bytes))
    evaluations[call].kind = kind
    evaluations[call].time = time
    evaluations[call].createdAt = createdAt
    evaluations[call].activity = activity
    if kind >= 0 {
      scratch.fields[call].fill(from: view, in: bytes, time: time, attributeNames: scratch.layout.attributeNames)
    }
    if evaluations[call].isRecorded && !view.id.isEmpty { noteID(call, view.id.bytes(in: bytes)) }
    return kind
  }

  private func noteID(_ call: Int, _ id: UnsafeRawBufferPointer) {
    evaluations[call].hasID = true
    evaluations[call].id = engine.hasher.hash(id)
    let content = engine.contentHash.hash(evaluations[call].activity)
    evaluations[call].content = content &+ UInt64(evaluations[call].method.rawValue)
  }

  private func settleDurability(_ call: Int) {
    guard evaluations[call].isRecorded else {
      evaluations[call].durability = 0
      return
    }
    let asked = evaluations[call].durability
    guard engine.book != nil else {
      evaluations[call].durability = 0
      if asked > Durability.buffered.rawValue { refuse(call, Self.noLog) }
      return
    }
    let isKnown = asked > 0 && asked <= Durability.durable.rawValue
    evaluations[call].durability = isKnown ? asked : engine.configuration.durability.rawValue
  }

  /// No encoder sends an activity in several pieces, but the wire format allows it: such a request is written anew.
  private func readCanonically(_ call: Int, _ request: EvaluationRequest) {
    do {
      let bytes: [UInt8]
      switch request.method {
      case .evaluate:
        bytes = try ProtobufEncoder().encode(
          ProtobufDecoder().decode(EvaluateRequest.self, from: Array(request.payload)))
      case .record:
        bytes = try ProtobufEncoder().encode(
          ProtobufDecoder().decode(RecordActivityRequest.self, from: Array(request.payload)))
      }
      try readFields(call, request.method, keep(bytes))
    } catch let error as WireError {
      refuse(call, malformed(error))
    } catch {
      refuse(call, RPCError(.internal, "the request could not be written anew: \(error)"))
    }
  }

  private func keep(_ bytes: [UInt8]) -> UnsafeRawBufferPointer {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    copy.copyBytes(from: bytes)
    canonicalRequests.append(copy)
    return UnsafeRawBufferPointer(copy)
  }

  private func malformed(_ error: WireError) -> RPCError {
    RPCError(.invalidArgument, "the request is not a message of the contract: \(error)", retry: .never)
  }

  private static let missingActivity = RPCError(
    .invalidArgument, "the request has no activity",
    violations: [RPCError.Violation(field: "activity", description: "required")])

  private static let unknownMode = RPCError(
    .invalidArgument, "the request has a mode that this server does not know; nothing was counted",
    violations: [RPCError.Violation(field: "mode", description: "RECORD, CHECK or unspecified")], retry: .never)

  private static let requestTooLarge = RPCError(
    .invalidArgument, "the request is longer than \(EvaluationRequest.maxPayloadBytes) bytes", retry: .never)

  private static let activityTooLarge = RPCError(
    .invalidArgument, "the activity is too large",
    violations: [RPCError.Violation(field: "activity", description: "at most 16384 bytes, unknown fields included")])

  private static let noLog = RPCError(
    .failedPrecondition, "this server keeps no log, so it cannot promise that a record survives it",
    violations: [RPCError.Violation(field: "durability", description: "BUFFERED or unspecified on this server")])
}
