// Placeholder: Engine
