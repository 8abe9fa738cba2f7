// Placeholder: Rules
