import GatehouseProtocol
import Testing

/// A text of an activity: where it stands in the contract, what a violation calls it, how to set it.
struct ActivityText: CustomTestStringConvertible, Sendable {
  /// `Activity.reason`, as `ContractText` has it.
  let field: String
  let path: String
  let set: @Sendable (inout Activity, String) -> Void

  var testDescription: String { path }

  init(_ field: String, _ path: String, _ set: @escaping @Sendable (inout Activity, String) -> Void) {
    (self.field, self.path, self.set) = (field, path, set)
  }

  /// All texts that the contract limits in bytes.
  static let all: [ActivityText] = [
    ActivityText("Activity.id", "activity.id") { $0.id = $1 },
    ActivityText("Activity.customer_id", "activity.customer_id") { $0.customerID = $1 },
    ActivityText("Activity.entity", "activity.entity") { $0.entity = $1 },
    ActivityText("Activity.entity_id", "activity.entity_id") { $0.entityID = $1 },
    ActivityText("Activity.action", "activity.action") { $0.action = $1 },
    ActivityText("Activity.reason", "activity.reason") { $0.reason = $1 },
    ActivityText("Activity.client_ip", "activity.client_ip") { $0.clientIP = $1 },
    ActivityText("Activity.user_agent", "activity.user_agent") { $0.userAgent = $1 },
    ActivityText("Activity.device_id", "activity.device_id") { $0.deviceID = $1 },
    ActivityText("Activity.session_id", "activity.session_id") { $0.sessionID = $1 },
    ActivityText("Actor.id", "activity.actor.id") { $0.actor = Actor(kind: .operator, id: $1) },
    ActivityText("Card.fingerprint", "activity.card.fingerprint") { $0.card = Card(fingerprint: $1) },
    ActivityText("Membership.id", "activity.membership.id") { $0.membership = Membership(id: $1) },
    ActivityText("Location.region", "activity.location.region") { $0.location = Location(region: $1) },
    ActivityText("Location.city", "activity.location.city") { $0.location = Location(city: $1) },
    ActivityText("Location.time_zone", "activity.location.time_zone") { $0.location = Location(timeZone: $1) },
    ActivityText("Location.region", "activity.home.region") { $0.home = Location(region: $1) },
    ActivityText("Location.city", "activity.home.city") { $0.home = Location(city: $1) },
    ActivityText("Location.time_zone", "activity.home.time_zone") { $0.home = Location(timeZone: $1) },
  ]
}
