import Glibc

/// Runs a C function that gives a negative number for failure, again as long as a signal interrupts it.
func systemCall<T: SignedInteger>(_ function: String, _ path: String, _ body: () -> T) throws(StorageError) -> T {
  while true {
    let result = body()
    if result >= 0 { return result }
    let number = errno
    if number != EINTR { throw StorageError(function: function, path: path, number: number) }
  }
}
