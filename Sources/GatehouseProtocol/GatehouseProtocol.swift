// Placeholder: GatehouseProtocol
