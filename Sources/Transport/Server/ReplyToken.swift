/// A call that will be answered later: which I/O queue, connection and call. A plain value; answering a call whose
/// connection is gone does nothing.
public struct ReplyToken: Sendable, Hashable {
  let queue: UInt32
  let connection: ConnectionKey
  let call: UInt32
}
