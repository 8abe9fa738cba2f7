// Placeholder: Windows
