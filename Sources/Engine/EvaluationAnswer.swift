import GatehouseProtocol
import Wire

/// What to send for one call.
public enum EvaluationAnswer {
  /// The bytes of a `Decision` or a `RecordActivityResponse`. They may be sent once the entry at `logIndex`, where
  /// there is one, is as safe as `durability` says.
  case answered(UnsafeRawBufferPointer, durability: Durability, logIndex: UInt64?)
  /// The call was refused; nothing was counted.
  case refused(RPCError)
}
