/// An array of plain values at a fixed place, for the hot path: reading it touches no reference count and checks bounds
/// only in debug builds. Its owner frees it.
@frozen
public struct FixedBuffer<Element: BitwiseCopyable> {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  public let count: Int

  init(_ elements: [Element]) {
    count = elements.count
    base = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
    for (index, element) in elements.enumerated() { (base + index).initialize(to: element) }
  }

  /// The elements' place, for as long as the owner lives.
  @inlinable
  public var pointer: UnsafePointer<Element> { UnsafePointer(base) }

  @inlinable
  public subscript(index: Int) -> Element {
    assert(index >= 0 && index < count)
    return base[index]
  }

  func deallocate() { base.deallocate() }
}
