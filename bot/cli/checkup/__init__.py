"""What `doctor` looks at, one file for each part of a set-up. Nothing here shows a secret."""
