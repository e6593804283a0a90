"""What stands behind the commands in this folder; Sixfold itself imports none of it."""
