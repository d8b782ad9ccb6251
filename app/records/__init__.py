"""Records and privacy: what Meta and people ask to be deleted or handed out, and the proof that it was done."""
