"""What the reading commands print: fields as data, one module per command."""
