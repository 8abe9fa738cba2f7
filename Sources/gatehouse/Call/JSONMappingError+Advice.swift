import Arguments
import ProtoJSON
import Spelling

extension JSONMappingError {
  /// `Did you mean customer_id?`, or what there is to choose from.
  var advice: String? {
    guard !known.isEmpty else { return nil }
    if let guess = nearest(to: written, among: known) { return "Did you mean \(guess)?" }
    return "There are \(known.joined(separator: ", "))"
  }
}
