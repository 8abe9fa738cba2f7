/// What an allocation of `requested` bytes takes of the heap: glibc puts a word before it, hands out multiples of 16 and
/// no less than 32.
func allocatedBytes(_ requested: Int) -> Int {
  max((requested + 8 + 15) & ~15, 32)
}
