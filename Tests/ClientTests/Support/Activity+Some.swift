import GatehouseProtocol

extension Activity {
  /// An order.
  static func some(_ id: String = "") -> Activity {
    Activity(id: id, customerID: "c-42", entity: "order", action: "create")
  }
}
