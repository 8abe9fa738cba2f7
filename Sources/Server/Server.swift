// Placeholder: Server
