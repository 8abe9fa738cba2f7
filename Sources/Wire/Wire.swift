// Placeholder: Wire
