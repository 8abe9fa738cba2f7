import CLinux

/// How the process' memory is had from the system.
public enum Heap {
  /// From this size on a block has a mapping of its own.
  private static let largeBlockBytes = 256 << 10

  /// Keeps what is resident close to what is used; once, before there are other threads.
  ///
  /// Every large block goes back to the system as soon as it is freed. Left alone, glibc raises its threshold to the size of each
  /// freed block, up to 32 MiB: after one long request such blocks would lie among the small ones, and a burst of them
  /// would stay resident for good.
  ///
  /// All threads share one arena. Left alone, glibc gives each its own, and what one has freed no other uses: windows that
  /// Dispatch had grown on several threads took up to 30 % more. Answering calls allocates nothing, so nobody waits for it.
  public static func keepTight() {
    _ = cl_map_blocks_from(Int32(largeBlockBytes))
    _ = cl_limit_arenas(1)
  }
}
