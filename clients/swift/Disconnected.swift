/// What a call does while there is no connection.
public enum Disconnected: Sendable, Hashable {
  /// It waits for one until its timeout: a short gap, such as a server's restart, costs time and no verdict.
  case wait
  /// It fails with UNAVAILABLE as soon as every server is known to be out of reach; while the first attempt to connect
  /// is under way it waits, as in gRPC.
  case failFast
}
