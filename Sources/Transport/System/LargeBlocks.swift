import CLinux

/// How the process' large blocks of memory are had from the system.
public enum LargeBlocks {
  /// From this size on a block has a mapping of its own.
  public static let byteCount = 256 << 10

  /// Gives every large block back to the system as soon as it is freed. Left alone, glibc raises its threshold to the size
  /// of each freed block, up to 32 MiB: after one long request such blocks would lie among the small ones, and a burst of
  /// them would stay resident for good.
  public static func giveBack() { _ = cl_map_blocks_from(Int32(byteCount)) }
}
