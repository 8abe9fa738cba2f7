// Placeholder: Journal
