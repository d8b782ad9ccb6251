"""One small judgement a function: facts and now in, a verdict out. A file a subject; nobody here asks anybody."""
