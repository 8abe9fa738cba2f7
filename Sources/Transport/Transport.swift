// Placeholder: Transport
