"""What the books come to where what was before is otherwise: of what that reaches, alone."""
