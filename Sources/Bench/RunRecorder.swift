/// Turns the load thread's intervals into totals, a timeline and steps. Intervals in, values out.
struct RunRecorder {
  private let duration: Double
  private let stepSeconds: Int?
  private(set) var total = Interval()
  private(set) var timeline: [RunResult.Moment] = []
  private(set) var steps: [RunResult.Step] = []
  private var step = Interval()
  private var stepStart = 0
  private var stepSample: ResourceSample?

  /// `duration` is in seconds; a step has `stepSeconds`, at least 1.
  init(duration: Double, stepSeconds: Int?) {
    self.duration = duration
    self.stepSeconds = stepSeconds
  }

  /// Adds an interval, in order, and what had been used at its end. Returns the step that it completes, if any.
  mutating func add(_ interval: Interval, _ sample: ResourceSample) -> RunResult.Step? {
    total.merge(interval)
    let end = interval.second + 1
    // A second that the run ends within is not comparable with whole ones; what comes after the run is none at all.
    if Double(end) <= duration { timeline.append(Self.moment(interval)) }
    guard let stepSeconds else { return nil }
    step.merge(interval)
    guard Double(interval.second) < duration, end - stepStart >= stepSeconds || Double(end) >= duration else {
      return nil
    }
    return closeStep(at: min(Double(end), duration), sample)
  }

  private mutating func closeStep(at end: Double, _ sample: ResourceSample) -> RunResult.Step {
    var figures = Figures()
    let length = end - Double(stepStart)
    figures.setCounts(step, seconds: length)
    figures.setLatency(step.latency)
    if let stepSample { figures.setResources(from: stepSample, to: sample, requests: step.completed) }
    let closed = RunResult.Step(from: Double(stepStart), to: end, figures: figures)
    steps.append(closed)
    step.removeAll()
    stepStart = Int(end)
    stepSample = sample
    return closed
  }

  /// The measured time begins; steps count what is used from here.
  mutating func begin(_ sample: ResourceSample) { stepSample = sample }

  private static func moment(_ interval: Interval) -> RunResult.Moment {
    let latency = interval.latency
    return RunResult.Moment(
      second: interval.second, requests: interval.completed, errors: interval.errors,
      p50: Double(latency.value(atPercentile: 50)) / 1000, p99: Double(latency.value(atPercentile: 99)) / 1000,
      max: Double(latency.maximum) / 1000)
  }
}

extension Figures {
  /// Takes the counts of `seconds` of load in.
  mutating func setCounts(_ interval: Interval, seconds: Double) {
    self[.requestsPerSecond] = (Double(interval.completed) / seconds).rounded()
    self[.sentPerSecond] = (Double(interval.sent) / seconds).rounded()
    self[.requests] = Double(interval.completed)
    self[.errors] = Double(interval.errors)
    self[.unanswered] = Double(interval.unanswered)
    let calls = interval.latency.count + interval.errors
    if calls > 0 { self[.errorShare] = Double(interval.errors + interval.unanswered) / Double(calls) }
    self[.bytesSent] = Double(interval.bytesSent)
    self[.bytesReceived] = Double(interval.bytesReceived)
  }
}
