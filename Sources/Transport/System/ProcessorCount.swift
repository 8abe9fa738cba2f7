import Glibc

/// How many processors there are.
enum ProcessorCount {
  /// Those that run now, at least 1 (sysconf(3)).
  static var online: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}
