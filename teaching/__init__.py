"""What a teacher makes of the notebooks: assignments, grades, a class's mistakes."""
