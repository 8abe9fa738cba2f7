import Rules
import Windows

/// Where the message of a fired rule that has values put in comes from. Plain pointers, so that no reference is counted for
/// each call; they hold while the call is judged.
struct MessageSource: BitwiseCopyable {
  let rules: Unmanaged<RuleSet>
  let fields: UnsafeMutablePointer<FieldValues>
  let readings: UnsafePointer<WindowReading>
  let time: Int64
  let room: UnsafeMutableRawBufferPointer

  /// Valid until the next one is asked for.
  func message(of fired: Verdict.Fired) -> UnsafeRawBufferPointer {
    let count = rules._withUnsafeGuaranteedRef {
      $0.writeMessage(of: fired, fields: fields.pointee, readings: readings, time: time, into: room)
    }
    return UnsafeRawBufferPointer(rebasing: room[..<count])
  }
}
